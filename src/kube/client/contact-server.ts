import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
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
  return new CrossfadeError(
    "UNREACHABLE",
    `${server} answers, but not as a Kubernetes API server.`,
    `correct the server address of context ${context}`,
    { cause },
  );
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
  const remedy = system === null ? undefined : linkTrouble(system)?.remedy;
  return new CrossfadeError(
    "UNREACHABLE",
    `The API server of context ${client.context} cannot be reached: ${error.message}.`,
    remedy ?? "check the address, the network and a VPN, or choose another context with --context",
    { cause: error },
  );
}

/** A refusal that lasted although the server never came to be ready: both are told. */
function lasting({ transport: { readiness } }: HttpKubeClient): string {
  const { sign } = readiness;
  return sign === null ? "" : ` (so for ${refusalLastsMs / 1_000} s, in which ${sign})`;
}

function explain(error: unknown, client: HttpKubeClient): unknown {
  if (error instanceof Unavailable) return unreachable(error, client);
  if (!(error instanceof ApiError)) return error;
  const { server, context } = client;
  const cause = { cause: error };
  if (error.status === 404 || (error.status >= 300 && error.status < 400)) return notKubernetes(client, error);
  switch (error.status) {
    case 401:
      return new CrossfadeError(
        "FORBIDDEN",
        `${server} does not accept the credentials of context ${context}: ${error.message}.`,
        "log in again, or choose another context with --context",
        cause,
      );
    case 403:
      return new CrossfadeError(
        "FORBIDDEN",
        `${server} does not let context ${context} read the cluster: ${error.message}${lasting(client)}.`,
        "use a context that may at least list nodes; crossfade preflight names every right that a run needs",
        cause,
      );
    default:
      return new CrossfadeError(
        "UNREACHABLE",
        `The API server of context ${context} answered ${error.status}: ${error.message}.`,
        "try again when the API server is well",
        cause,
      );
  }
}
