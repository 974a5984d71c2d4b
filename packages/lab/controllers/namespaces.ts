import type { KubeObject } from "../objects.ts";
import type { ApiStore } from "../store/api-store.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import { storedResources } from "./every-object.ts";
import { type WorkQueue, workQueue } from "./queue.ts";

/** How often a terminating namespace is looked at until it is empty. */
const recheckMs = 500;

/** Empties terminating namespaces and lets them go; gives living ones what every namespace has. */
export function startNamespaces(plane: ControlPlane, store: ApiStore): Stop {
  const queue: WorkQueue = workQueue(plane, (name) => {
    const space = store.get("namespaces", null, name);
    if (!space) return;
    if (!space.metadata.deletionTimestamp) furnish(store, name);
    else if (empty(store, name)) store.finalize(name);
    else queue.add(name, recheckMs);
  });
  const refill = ({ type, object }: { type: string; object: KubeObject }) => {
    if (type === "DELETED") queue.add(object.metadata.namespace ?? "");
  };
  return stopAll([
    store.subscribe("namespaces", ({ type, object }) => {
      if (type !== "DELETED") queue.add(object.metadata.name);
    }),
    store.subscribe("serviceaccounts", refill),
    store.subscribe("configmaps", refill),
    queue.stop,
  ]);
}

function furnish(store: ApiStore, namespace: string): void {
  if (!store.get("serviceaccounts", namespace, "default")) {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } };
    store.create("serviceaccounts", account, { manager: "kube-controller-manager" });
  }
  if (!store.get("configmaps", namespace, "kube-root-ca.crt")) {
    const description =
      "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints.";
    const metadata = { name: "kube-root-ca.crt", namespace, annotations: { "kubernetes.io/description": description } };
    const bundle = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": "" } };
    store.create("configmaps", bundle, { manager: "kube-controller-manager" });
  }
}

/** Deletes all there is; true once nothing is left and everything could be asked. Pods go gracefully, and finalizers may hold things for ever. */
function empty(store: ApiStore, namespace: string): boolean {
  const left = new Map<string, number>();
  const finalizers = new Map<string, number>();
  for (const { name: resource } of [
    ...storedResources(store).filter(({ namespaced }) => namespaced),
    { name: "events" },
  ]) {
    for (const { metadata } of store.list(resource, namespace)) {
      if (!metadata.deletionTimestamp) store.delete(resource, namespace, metadata.name, { propagation: "Background" });
    }
    const objects = store.list(resource, namespace);
    if (objects.length > 0) left.set(resource, objects.length);
    for (const finalizer of objects.flatMap(({ metadata }) => metadata.finalizers ?? []))
      finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
  }
  const down = groupsDown(store);
  tell(store, namespace, { left, finalizers, down });
  return left.size === 0 && down.length === 0;
}

/** Aggregated APIs that do not answer: what they hold in the namespace is not known. */
function groupsDown(store: ApiStore): readonly string[] {
  return store.list("apiregistration.k8s.io/apiservices").flatMap(({ metadata, status }) => {
    const conditions = (status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? [];
    const isDown = conditions.some((one) => one.type === "Available" && one.status === "False");
    return isDown ? [metadata.name.split(".").slice(1).join(".")] : [];
  });
}

interface Remains {
  readonly left: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
  readonly down: readonly string[];
}

/** The conditions of a terminating namespace, in kube-controller-manager's words. */
function tell(store: ApiStore, namespace: string, { left, finalizers, down }: Remains): void {
  const named = (counts: ReadonlyMap<string, number>, noun: string) =>
    [...counts].map(([name, count]) => `${name} ${noun} ${count} resource instances`).join(", ");
  const rows: readonly (readonly [type: string, isTrue: boolean, message: string])[] = [
    [
      "NamespaceDeletionDiscoveryFailure",
      down.length > 0,
      `Discovery failed for some groups, ${down.length} failing: unable to retrieve the complete list of server APIs: ${down.join(", ")}`,
    ],
    ["NamespaceContentRemaining", left.size > 0, `Some resources are remaining: ${named(left, "has")}`],
    [
      "NamespaceFinalizersRemaining",
      finalizers.size > 0,
      `Some content in the namespace has finalizers remaining: ${named(finalizers, "in")}`,
    ],
  ];
  const conditions = rows.map(([type, isTrue, message]) => ({
    type,
    status: isTrue ? "True" : "False",
    ...(isTrue ? { message } : {}),
  }));
  const known = store.get("namespaces", null, namespace)?.status as { conditions?: unknown } | undefined;
  if (JSON.stringify(known?.conditions) === JSON.stringify(conditions)) return;
  const change = (copy: KubeObject) => {
    copy["status"] = { ...(copy["status"] as object | undefined), conditions };
  };
  store.change("namespaces", null, namespace, change, { subresource: "status" });
}
