import { selects } from "../drain/selector.ts";
import type { Taint, Toleration } from "../model/cluster/taints.ts";
import type { NodeFacts, Placement } from "../model/facts.ts";

/** Taints that the DaemonSet controller tolerates on behalf of every pod of a DaemonSet. */
const ofDaemonSets = new Set([
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
  "node.kubernetes.io/disk-pressure",
  "node.kubernetes.io/memory-pressure",
  "node.kubernetes.io/pid-pressure",
  "node.kubernetes.io/unschedulable",
  "node.kubernetes.io/network-unavailable",
]);

/** Whether this toleration lets this taint be. */
export const tolerates = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean =>
  (key === taint.key || (key === "" && operator === "Exists")) &&
  (effect === "" || effect === taint.effect) &&
  (operator === "Exists" || value === taint.value);

/** Whether the DaemonSet controller wants a pod of this template on the node. */
export function serves({ nodeSelector, nodes, tolerations }: Placement, node: NodeFacts): boolean {
  if (!selects({ matchLabels: nodeSelector }, node.labels)) return false;
  if (nodes !== null && !nodes.some((term) => selects(term, node.labels))) return false;
  return node.taints
    .filter(({ key, effect }) => effect !== "PreferNoSchedule" && !ofDaemonSets.has(key))
    .every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}
