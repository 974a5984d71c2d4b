import { CouldNotAsk, CrossfadeError } from "../engine/errors.ts";
import { ApiError } from "./api-error.ts";
import type { HttpKubeClient } from "./http.ts";
import type { KubeObject } from "./kube-object.ts";
import { linkTrouble } from "./link-trouble.ts";
import { at, text } from "./read.ts";

/** Asks once whether the server is there, is a Kubernetes API, and lets us read. */
export async function greet(client: HttpKubeClient, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: 10_000, retry: false };
  let isKubernetes: boolean;
  try {
    const [version, nodes] = await Promise.all([
      client.get<KubeObject>("/version", options),
      client.get<KubeObject>("/api/v1/nodes", { ...options, query: { limit: 1 } }),
    ]);
    isKubernetes = text(at(version, "gitVersion")) !== "" && Array.isArray(at(nodes, "items"));
  } catch (error) {
    throw explain(error, client);
  }
  if (!isKubernetes) throw notKubernetes(client);
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

function unreachable(error: CouldNotAsk, client: HttpKubeClient): CrossfadeError {
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

function explain(error: unknown, client: HttpKubeClient): unknown {
  if (error instanceof CouldNotAsk) return unreachable(error, client);
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
        `${server} does not let context ${context} read the cluster: ${error.message}.`,
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
