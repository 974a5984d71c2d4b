import type { KubeObject, ResourceName, Store } from "../objects.ts";

/** Where a cluster's addresses come from, and what its control planes are. */
export interface ClusterFacts {
  readonly kubernetesVersion: string;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly controlPlaneIps: readonly string[];
}

/** An object with where it belongs. */
export type Seed = readonly [ResourceName, KubeObject];

/** Puts objects into the store; what is already there stays. */
export function plant(store: Store, seeds: Iterable<Seed>): void {
  for (const [resource, object] of seeds) {
    const { namespace = null, name } = object.metadata;
    if (!store.get(resource, namespace, name)) store.create(resource, object, { manager: "kubeadm" });
  }
}

/** A namespace with its default service account. */
export function namespace(name: string): Seed[] {
  return [
    ["namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } }],
    ["serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } }],
  ];
}

/** A ConfigMap. */
export function configMap(ns: string, name: string, data: Record<string, string>, labels = {}): Seed {
  return ["configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: ns, labels }, data }];
}

/** A service account. */
export function serviceAccount(ns: string, name: string): Seed {
  return ["serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: ns } }];
}

/** The address of that number in a range: 10 of 10.96.0.0/16 is 10.96.0.10. */
export function addressIn(cidr: string, number: number): string {
  const bytes = (cidr.split("/")[0] ?? "").split(".").map(Number);
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0) + number;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
