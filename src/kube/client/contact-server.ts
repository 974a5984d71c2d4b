import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import { type Reason, reason } from "../../engine/model/reason.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { at, text } from "../objects/read.ts";
import { ApiError } from "./api-error.ts";
import { refusalLastsMs } from "./granted.ts";
import type { HttpKubeClient } from "./http.ts";
import { linkTrouble } from "./link-trouble.ts";
import { ServerStarting } from "./readiness.ts";

const askAgainMs = 2_000;

/** Told while a server that is only coming up is waited for: what it shows, and how long it is waited for at most. */
export type OnStarting = (sign: string, leftMs: number) => void;

/** Asks whether the server is there, is a Kubernetes API, and lets us read; waits for one that is only coming up. */
export async function contactServer(
  client: HttpKubeClient,
  signal: AbortSignal,
  onStarting: OnStarting = () => undefined,
): Promise<void> {
  for (;;) {
    try {
      if (await isKubernetes(client, signal)) return;
    } catch (error) {
      if (!(error instanceof ServerStarting)) throw explain(error, client);
      onStarting(error.message, error.leftMs);
      await client.transport.timer.sleep(askAgainMs, signal);
      continue;
    }
    throw notKubernetes(client);
  }
}

async function isKubernetes(client: HttpKubeClient, signal: AbortSignal): Promise<boolean> {
  const options = { signal, timeoutMs: 10_000, retry: false };
  const [version, nodes] = await Promise.all([
    client.get<KubeObject>("/version", options),
    client.get<KubeObject>("/api/v1/nodes", { ...options, query: { limit: 1 } }),
  ]);
  return text(at(version, "gitVersion")) !== "" && Array.isArray(at(nodes, "items"));
}

function notKubernetes({ server, context }: HttpKubeClient, cause?: unknown): CrossfadeError {
  return new CrossfadeError("UNREACHABLE", reason("server-not-kubernetes", { server, context }), { cause });
}

/** What the system said where a connection failed, below our own errors. */
function systemError(error: unknown): NodeJS.ErrnoException | null {
  let here = error;
  while (here instanceof Error) {
    const { code } = here as NodeJS.ErrnoException;
    if (code !== undefined) return here;
    here = here.cause;
  }
  return null;
}

function unreachable(error: Unavailable, client: HttpKubeClient): CrossfadeError {
  // A web page, a load balancer's greeting: whatever is no JSON is no answer of Kubernetes.
  if (error.cause instanceof SyntaxError) return notKubernetes(client, error);
  const system = systemError(error);
  const advice = system === null ? null : (linkTrouble(system)?.remedy ?? null);
  const facts = { context: client.context, detail: error.message, advice };
  return new CrossfadeError("UNREACHABLE", reason("server-unreachable", facts), { cause: error });
}

/** A refusal that lasted although the server never came to be ready: both are told. */
function readingRefused(said: string, { server, context, transport: { readiness } }: HttpKubeClient): Reason {
  const { sign } = readiness;
  const lastedSeconds = sign === null ? null : refusalLastsMs / 1_000;
  return reason("reading-refused", { server, context, said, lastedSeconds, sign });
}

function explain(error: unknown, client: HttpKubeClient): unknown {
  if (error instanceof Unavailable) return unreachable(error, client);
  if (!(error instanceof ApiError)) return error;
  const { server, context } = client;
  const { status, message: said } = error;
  const cause = { cause: error };
  if (error.status === 404 || (error.status >= 300 && error.status < 400)) return notKubernetes(client, error);
  switch (error.status) {
    case 401:
      return new CrossfadeError("FORBIDDEN", reason("credentials-refused", { server, context, said }), cause);
    case 403:
      return new CrossfadeError("FORBIDDEN", readingRefused(said, client), cause);
    default:
      return new CrossfadeError("UNREACHABLE", reason("server-failing", { context, status, said }), cause);
  }
}
