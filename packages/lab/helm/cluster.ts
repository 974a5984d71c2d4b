import { homedir } from "node:os";
import { join } from "node:path";
import { HelmError } from "./helm-error.ts";
import { type Answer, type Call, httpCall } from "./http-call.ts";
import { readKubeconfig, unreachable } from "./kubeconfig.ts";

interface RequestDetails {
  readonly body?: unknown;
  readonly type?: string;
  readonly signal?: AbortSignal;
}

/** The API of a lab as its kubeconfig names it. */
export interface Cluster {
  readonly server: string;
  readonly namespace: string;
  /** Null for 404; throws HelmError with the API's own message for any other refusal. */
  request(method: string, path: string, details?: RequestDetails): Promise<unknown>;
}

/** Reads the kubeconfig by its flag, else KUBECONFIG, else the home folder. Once `killed` nothing is sent any more. */
export function openCluster(flags: Readonly<Record<string, string>>, killed: AbortSignal | null = null): Cluster {
  const path = flags.kubeconfig ?? process.env.KUBECONFIG?.split(":")[0] ?? join(homedir(), ".kube/config");
  const { server, token, namespace, authority } = readKubeconfig(path, flags["kube-context"]);
  return {
    server,
    namespace,
    async request(method, at, { body, type = "application/json", signal } = {}) {
      const answer = await reach({
        method,
        url: `${server}${at}`,
        headers: {
          accept: "application/json",
          "user-agent": "helm/crossfade-lab",
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { "content-type": type }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...either(signal, killed),
        ...(authority === undefined ? {} : { authority }),
      });
      return understand(answer);
    },
  };
}

function either(signal: AbortSignal | undefined, killed: AbortSignal | null): { readonly signal?: AbortSignal } {
  const signals = [signal, killed].filter((one) => one instanceof AbortSignal);
  return signals.length === 0 ? {} : { signal: AbortSignal.any(signals) };
}

function understand({ status, text }: Answer): unknown {
  if (status === 404) return null;
  if (status >= 200 && status < 300) return parse(text);
  throw new HelmError(messageOf(text) ?? `the server answered ${status}`);
}

/** An answer that broke off, in the words of Go's decoder. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HelmError("unexpected end of JSON input", { cause });
  }
}

/** A refusal is a Status object, but for what stands before the API server. */
function messageOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? null;
  } catch {
    return text.trim() || null;
  }
}

async function reach(call: Call): Promise<Answer> {
  try {
    return await httpCall(call);
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw unreachable(`${call.method} "${call.url}": ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}
