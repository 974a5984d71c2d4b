import type { PodFacts } from "../model/facts.ts";

/**
 * Operators whose budgets allow 0 on purpose: once its node is cordoned they move the pod by themselves, or switch its primary
 * away, and the budget follows. Known by the API group that owns the pod, or by the domain of its labels.
 * cloudnative-pg.io "kubernetes_upgrade", longhorn.io "node-drain-policy", kubevirt.io "node_maintenance", strimzi/drain-cleaner.
 */
const operators: readonly (readonly [domain: string, name: string])[] = [
  ["cnpg.io", "CloudNativePG"],
  ["longhorn.io", "Longhorn"],
  ["kubevirt.io", "KubeVirt"],
  ["strimzi.io", "Strimzi"],
];

const domainOf = (name: string): string => name.split("/")[0] ?? "";

/** The operator that moves this pod by itself when its node is cordoned; null where we know of none. */
export function operatorOf({ owner, labels }: Pick<PodFacts, "owner" | "labels">): string | null {
  const domains = [...(owner ? [domainOf(owner.apiVersion)] : []), ...Object.keys(labels).map(domainOf)];
  const known = operators.find(([domain]) => domains.some((one) => one === domain || one.endsWith(`.${domain}`)));
  return known?.[1] ?? null;
}
