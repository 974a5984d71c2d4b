import type { PodObject } from "../../cni/kinds.ts";
import type { Machine } from "../../machine.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { Directory } from "../directory.ts";
import type { NetworkPolicyObject } from "./kubernetes-policy.ts";
import type { Direction, Member } from "./traffic.ts";

/** A packet at the end where a pod of its own sandbox is guarded. */
export interface PodPassage {
  readonly direction: Direction;
  /** Where the guarded pod is. */
  readonly machine: Machine;
  readonly pod: PodObject;
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** The address at the other end as it is in the packet here: masquerading counts. */
  readonly otherIp: string;
  /** Set where Cilium carries the other end's identity beside the packet: the pod that it really is. */
  readonly identity: PodObject | null;
  /** It was begun by the guarded pod's own node, and not only passed on by it. */
  readonly isOwnHost: boolean;
  /** The pod that it comes to, whichever end is guarded; null where that is none. */
  readonly receiver: PodObject | null;
}

/** A packet that a machine takes for itself: for a process of its own, or a tunnel's. */
export interface HostPassage {
  readonly machine: Machine;
  readonly from: string;
  readonly protocol: "tcp" | "udp" | "ipip";
  readonly port: number;
}

/** Whoever holds policies on the lab's machines. Both answer why a packet is dropped, and null where it passes. */
export interface Guard {
  pod(passage: PodPassage): string | null;
  host?(passage: HostPassage): string | null;
}

/** What a guard is made from. */
export interface GuardWorld {
  readonly store: Store;
  readonly directory: Directory;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly policies: PolicyIndex;
}

/** The NetworkPolicies of a lab by namespace, so that a lab without any asks nothing. */
export class PolicyIndex {
  readonly #byNamespace = new Map<string, Map<string, NetworkPolicyObject>>();

  constructor(store: Store) {
    store.subscribe<NetworkPolicyObject>("networking.k8s.io/networkpolicies", ({ type, object }) => {
      const { namespace = "default", name } = object.metadata;
      const policies = this.#byNamespace.get(namespace) ?? new Map<string, NetworkPolicyObject>();
      if (type === "DELETED") policies.delete(name);
      else policies.set(name, object);
      if (policies.size > 0) this.#byNamespace.set(namespace, policies);
      else this.#byNamespace.delete(namespace);
    });
  }

  of(namespace: string): readonly NetworkPolicyObject[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
  }
}

/** The pod with what selectors ask of it. */
export function memberOf(store: Store, { metadata }: PodObject): Member {
  const { namespace = "default", labels = {} } = metadata;
  const namespaceLabels = store.get<KubeObject>("namespaces", null, namespace)?.metadata.labels ?? {};
  return { namespace, labels, namespaceLabels };
}
