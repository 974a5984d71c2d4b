import type { ObjectRef } from "../model/cluster/object-ref.ts";

/** A kind of policies that Cilium enforces, as it is asked for. */
export interface EnforcedKind extends Pick<ObjectRef, "apiVersion" | "kind"> {
  /** In full, as policies are counted by it. */
  readonly name: string;
}

export const kubernetesKind: EnforcedKind = {
  name: "networkpolicies.networking.k8s.io",
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
};

export const ciliumKinds: readonly EnforcedKind[] = [
  { name: "ciliumnetworkpolicies.cilium.io", apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy" },
  {
    name: "ciliumclusterwidenetworkpolicies.cilium.io",
    apiVersion: "cilium.io/v2",
    kind: "CiliumClusterwideNetworkPolicy",
  },
];

export const enforcedKinds: readonly EnforcedKind[] = [kubernetesKind, ...ciliumKinds];

/** Whether a cluster with so many policies of each kind has any that Cilium enforces. */
export const hasPolicies = (counts: Readonly<Record<string, number>>): boolean =>
  enforcedKinds.some(({ name }) => (counts[name] ?? 0) > 0);
