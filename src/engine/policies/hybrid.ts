import { type PolicyFinding, policyFinding } from "../model/policies/policy-codes.ts";
import type { PolicyWorld } from "./policy-world.ts";

/** What becomes of a policy that selects so many pods while nodes move: the same for all kinds that select pods. */
export function whileNodesMove({ source, target }: PolicyWorld, pods: number): readonly PolicyFinding[] {
  if (pods === 0) return [policyFinding("selects-no-pod", {})];
  if (!source.enforcesPolicies) return [policyFinding("enforced-at-the-end", { source: source.name, pods })];
  const range = target.nativeRoutingCidr;
  return [
    policyFinding("open-on-moved-nodes", { pods }),
    range === undefined ? policyFinding("moved-peers-blocked", {}) : policyFinding("moved-peers-known", { range }),
  ];
}
