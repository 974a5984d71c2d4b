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

/** Deletes all there is; true once nothing is left. Pods go gracefully, and finalizers may hold things for ever. */
function empty(store: ApiStore, namespace: string): boolean {
  let left = 0;
  for (const { name: resource } of [
    ...storedResources(store).filter(({ namespaced }) => namespaced),
    { name: "events" },
  ]) {
    for (const { metadata } of store.list(resource, namespace)) {
      if (!metadata.deletionTimestamp) store.delete(resource, namespace, metadata.name, { propagation: "Background" });
    }
    left += store.list(resource, namespace).length;
  }
  return left === 0;
}
