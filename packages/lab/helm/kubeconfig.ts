import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { HelmError } from "./helm-error.ts";

interface ClusterEntry {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

interface KubeconfigFile {
  readonly "current-context"?: string;
  readonly contexts?: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user?: string; readonly namespace?: string };
  }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster: ClusterEntry }[];
  readonly users?: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
}

/** How to reach a lab: its kubeconfig has a token and nothing else that would need more than this. */
export interface Access {
  readonly server: string;
  readonly token: string | undefined;
  readonly namespace: string;
  /** PEM; undefined for the system's own authorities, null for none asked. */
  readonly authority: string | null | undefined;
}

export function readKubeconfig(path: string, wanted: string | undefined): Access {
  const file = fileAt(path);
  const context = named(file.contexts, wanted ?? file["current-context"] ?? "", "context").context;
  const { cluster } = named(file.clusters, context.cluster, "cluster");
  if (!cluster.server) throw unreachable(`cluster "${context.cluster}" has no server`);
  return {
    server: cluster.server.replace(/\/$/, ""),
    token: file.users?.find(({ name }) => name === context.user)?.user.token,
    namespace: context.namespace ?? "default",
    authority: authorityOf(cluster),
  };
}

function named<T extends { readonly name: string }>(entries: readonly T[] | undefined, name: string, what: string): T {
  const found = entries?.find((entry) => entry.name === name);
  if (!found) throw unreachable(`${what} "${name}" does not exist`);
  return found;
}

function authorityOf(cluster: ClusterEntry): string | null | undefined {
  if (cluster["insecure-skip-tls-verify"]) return null;
  const data = cluster["certificate-authority-data"];
  if (data) return Buffer.from(data, "base64").toString("utf8");
  const path = cluster["certificate-authority"];
  return path ? readFileSync(path, "utf8") : undefined;
}

function fileAt(path: string): KubeconfigFile {
  try {
    return parse(readFileSync(path, "utf8")) as KubeconfigFile;
  } catch (cause) {
    throw unreachable(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  }
}

/** Helm's own first words for everything between it and the cluster. */
export function unreachable(why: string, cause?: unknown): HelmError {
  return new HelmError(`Kubernetes cluster unreachable: ${why}`, { cause });
}
