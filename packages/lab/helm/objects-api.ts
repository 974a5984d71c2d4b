import type { KubeObject } from "../objects.ts";
import type { Cluster } from "./cluster.ts";
import { HelmError } from "./helm-error.ts";

/** Plurals of the kinds that the chart has. */
const plurals: Readonly<Record<string, { readonly plural: string; readonly cluster?: true }>> = {
  Namespace: { plural: "namespaces", cluster: true },
  ServiceAccount: { plural: "serviceaccounts" },
  Secret: { plural: "secrets" },
  ConfigMap: { plural: "configmaps" },
  ClusterRole: { plural: "clusterroles", cluster: true },
  ClusterRoleBinding: { plural: "clusterrolebindings", cluster: true },
  Role: { plural: "roles" },
  RoleBinding: { plural: "rolebindings" },
  Service: { plural: "services" },
  DaemonSet: { plural: "daemonsets" },
  Deployment: { plural: "deployments" },
};

/** Path of the collection that an object belongs to. */
function collectionPath({ apiVersion, kind, metadata }: KubeObject): string {
  const entry = plurals[kind];
  if (!entry) throw new HelmError(`the lab's helm does not know the kind ${kind}`);
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}${entry.cluster ? "" : `/namespaces/${metadata.namespace ?? "default"}`}/${entry.plural}`;
}

function objectPath(object: KubeObject): string {
  return `${collectionPath(object)}/${encodeURIComponent(object.metadata.name)}`;
}

export async function readObject(
  cluster: Cluster,
  object: KubeObject,
  signal?: AbortSignal,
): Promise<KubeObject | null> {
  return (await cluster.request("GET", objectPath(object), signal ? { signal } : {})) as KubeObject | null;
}

/** helm 4 applies on the server; helm 3 creates, or sends what changed since the last manifest. */
export async function applyObject(
  cluster: Cluster,
  object: KubeObject,
  options: {
    readonly major: number;
    readonly force: boolean;
    readonly before: KubeObject | undefined;
    readonly signal?: AbortSignal;
  },
): Promise<void> {
  const signal = options.signal ? { signal: options.signal } : {};
  if (options.major >= 4) {
    const query = `?fieldManager=helm&force=${options.force}`;
    await mustWrite(cluster, "PATCH", `${objectPath(object)}${query}`, {
      body: object,
      type: "application/apply-patch+yaml",
      ...signal,
    });
    return;
  }
  const live = await readObject(cluster, object, options.signal);
  if (!live) {
    await mustWrite(cluster, "POST", `${collectionPath(object)}?fieldManager=helm`, { body: object, ...signal });
    return;
  }
  const body = strategicPatch(options.before ?? {}, object);
  await mustWrite(cluster, "PATCH", `${objectPath(object)}?fieldManager=helm`, {
    body,
    type: "application/strategic-merge-patch+json",
    ...signal,
  });
}

/** A write that answers 404 met a namespace or kind that is not there. */
async function mustWrite(
  cluster: Cluster,
  method: string,
  path: string,
  options: Parameters<Cluster["request"]>[2],
): Promise<void> {
  const answer = await cluster.request(method, path, options);
  if (answer === null) throw new HelmError(`the server could not find the requested resource: ${path.split("?")[0]}`);
}

/** Absent is no error. */
export async function deleteObject(cluster: Cluster, object: KubeObject): Promise<void> {
  await cluster.request("DELETE", objectPath(object), {
    body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" },
  });
}

/** What is new, and null for what the last manifest had and this one has not. */
export function strategicPatch(before: unknown, after: unknown): Record<string, unknown> {
  const [old, now] = [tree(before), tree(after)];
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(old)) if (!(key in now)) patch[key] = null;
  for (const [key, value] of Object.entries(now)) {
    if (Array.isArray(value)) patch[key] = listPatch(old[key], value);
    else patch[key] = typeof value === "object" && value !== null ? strategicPatch(old[key], value) : value;
  }
  return patch;
}

/** Lists whose items are known by name lose one only when told so. */
function listPatch(before: unknown, after: readonly unknown[]): readonly unknown[] {
  const names = new Set(after.map((item) => tree(item).name));
  const gone = (Array.isArray(before) ? before : [])
    .map((item) => tree(item).name)
    .filter((name) => typeof name === "string" && !names.has(name));
  return [...after, ...gone.map((name) => ({ name, $patch: "delete" }))];
}

function tree(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
