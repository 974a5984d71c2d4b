import type { PolicySettings } from "../../model/policies/policy-settings.ts";
import { guardedEnd, otherEnd, type PolicyVerdict } from "../../model/policies/policy-verdict.ts";
import { type EnforcedPolicy, guarding } from "../selecting.ts";

/** Who has an address: a pod by namespace/name, a node, or nobody of the cluster. */
export interface AddressBook {
  readonly pods: ReadonlyMap<string, string>;
  readonly nodes: ReadonlyMap<string, string>;
}

/** Connections of one kind between the same two that policies denied, or would have. */
export interface DeniedPair {
  readonly node: string;
  readonly direction: "ingress" | "egress";
  readonly action: PolicyVerdict["action"];
  /** namespace/name of the pod that policies guard; its address where it is gone. */
  readonly pod: string;
  readonly other: { readonly kind: "pod" | "node" | "outside"; readonly name: string };
  readonly protocol: string;
  /** Of the end that was asked; null where the protocol has none. */
  readonly port: number | null;
  readonly connections: number;
  /** By name, those that select the pod in this direction, of which none allows it. */
  readonly policies: readonly string[];
}

/** Reserved identities of Cilium's that are a node: host, remote-node, kube-apiserver. */
const nodeIdentities: ReadonlySet<number> = new Set([1, 6, 7]);

function otherOf({ pods, nodes }: AddressBook, verdict: PolicyVerdict): DeniedPair["other"] {
  const { ip } = otherEnd(verdict);
  const [pod, node] = [pods.get(ip), nodes.get(ip)];
  if (pod !== undefined) return { kind: "pod", name: pod };
  if (node !== undefined) return { kind: "node", name: node };
  return { kind: nodeIdentities.has(verdict.otherIdentity) ? "node" : "outside", name: ip };
}

/** Verdicts added up by pair, the most frequent first; `settings` are the agents that told them. */
export function deniedPairs(
  verdicts: readonly PolicyVerdict[],
  settings: readonly PolicySettings[],
  { book, policies }: { readonly book: AddressBook; readonly policies: readonly EnforcedPolicy[] },
): readonly DeniedPair[] {
  const endpoints = new Map(
    settings.flatMap((one) => one.endpoints.map((endpoint) => [endpoint.ip, endpoint] as const)),
  );
  const pairs = new Map<string, DeniedPair>();
  for (const verdict of verdicts) {
    const { node, direction, action, protocol, destination } = verdict;
    const { ip } = guardedEnd(verdict);
    const endpoint = endpoints.get(ip);
    const pair = {
      node,
      direction,
      action,
      pod: endpoint?.pod ?? book.pods.get(ip) ?? ip,
      other: otherOf(book, verdict),
      protocol,
      port: destination.port,
      policies: endpoint === undefined ? [] : guarding(policies, endpoint, direction),
    };
    const key = JSON.stringify(pair);
    pairs.set(key, { ...pair, connections: (pairs.get(key)?.connections ?? 0) + 1 });
  }
  return [...pairs.values()].toSorted((one, other) => other.connections - one.connections);
}

/** How much each policy has a part in. */
export interface DeniedByPolicy {
  readonly policy: string;
  readonly connections: number;
  readonly pairs: number;
}

/** A pair counts for each policy that guards its pod: had one of them allowed it, it would have passed. */
export function deniedByPolicy(pairs: readonly DeniedPair[]): readonly DeniedByPolicy[] {
  const sums = new Map<string, DeniedByPolicy>();
  for (const { policies, connections } of pairs)
    for (const policy of policies) {
      const known = sums.get(policy) ?? { policy, connections: 0, pairs: 0 };
      sums.set(policy, { policy, connections: known.connections + connections, pairs: known.pairs + 1 });
    }
  return [...sums.values()].toSorted((one, other) => other.connections - one.connections);
}
