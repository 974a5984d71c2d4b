import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { HelmError } from "./helm-error.ts";

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user?: string; readonly namespace?: string };
  }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster: { readonly server?: string } }[];
  readonly users?: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
}

/** The API of a lab as its kubeconfig names it: plain HTTP and a token, which is all that a lab has. */
export interface Cluster {
  readonly server: string;
  readonly namespace: string;
  /** Null for 404; throws HelmError with the API's own message for any other refusal. */
  request(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly type?: string; readonly signal?: AbortSignal },
  ): Promise<unknown>;
}

/** Reads the kubeconfig by its flag, else KUBECONFIG, else the home folder. */
export function openCluster(flags: Readonly<Record<string, string>>): Cluster {
  const path = flags.kubeconfig ?? process.env.KUBECONFIG?.split(":")[0] ?? join(homedir(), ".kube/config");
  const { server, token, namespace } = readKubeconfig(path, flags["kube-context"]);
  return {
    server,
    namespace,
    async request(method, at, { body, type = "application/json", signal } = {}) {
      const response = await reach(`${server}${at}`, {
        method,
        headers: {
          accept: "application/json",
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { "content-type": type }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      if (response.ok) return response.json();
      const { message = response.statusText } = (await response.json().catch(() => ({}))) as { message?: string };
      if (response.status === 404) return null;
      throw new HelmError(message);
    },
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new HelmError(
      `Kubernetes cluster unreachable: ${init.method ?? "GET"} "${url}": ${cause instanceof Error ? String(cause.cause ?? cause.message) : String(cause)}`,
      { cause },
    );
  }
}

function readKubeconfig(path: string, wanted: string | undefined) {
  let file: KubeconfigFile;
  try {
    file = load(readFileSync(path, "utf8")) as KubeconfigFile;
  } catch (cause) {
    throw new HelmError(
      `Kubernetes cluster unreachable: cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  const name = wanted ?? file["current-context"];
  const context = file.contexts?.find((entry) => entry.name === name)?.context;
  if (!context) throw new HelmError(`Kubernetes cluster unreachable: context "${name ?? ""}" does not exist`);
  const server = file.clusters?.find((entry) => entry.name === context.cluster)?.cluster.server;
  if (!server) throw new HelmError(`Kubernetes cluster unreachable: cluster "${context.cluster}" has no server`);
  const token = file.users?.find((entry) => entry.name === context.user)?.user.token;
  return { server: server.replace(/\/$/, ""), token, namespace: context.namespace ?? "default" };
}
