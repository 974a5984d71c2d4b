import type { NodeFacts } from "../facts.ts";

/** Labels by which providers mark Nodes behind which there is no machine. */
const labels: readonly (readonly [key: string, value: string])[] = [
  ["type", "virtual-kubelet"],
  ["kubernetes.io/role", "virtual-kubelet"],
  ["eks.amazonaws.com/compute-type", "fargate"],
  ["node.kubernetes.io/instance-type", "eklet"],
];

/** Taints that keep ordinary pods from such Nodes. */
const taintKeys = ["virtual-kubelet.io/provider", "virtual-kubelet.io/burst-to-aci"];

/**
 * By which mark a Node is known to be virtual: pods on it run elsewhere (Fargate, virtual-kubelet), on a network of the
 * provider's. No DaemonSet's pod ever becomes Ready there, and there is no disk, kernel or CNI to move. Null for a machine.
 */
export function virtualMark(node: NodeFacts): string | null {
  const label = labels.find(([key, value]) => node.labels[key] === value);
  if (label) return `label ${label.join("=")}`;
  const taint = node.taints.find(
    ({ key, value }) => taintKeys.includes(key) || (key === "eks.amazonaws.com/compute-type" && value === "fargate"),
  );
  if (taint) return `taint ${taint.key}`;
  if (/\/fargate-/.test(node.providerId)) return `providerID ${node.providerId}`;
  return /-vk-/.test(node.kubeletVersion) ? `kubelet version ${node.kubeletVersion}` : null;
}

/** The same as a node affinity, for DaemonSets that want to stay away from such Nodes. */
export const machinesOnly = labels.map(([key, value]) => ({ key, operator: "NotIn" as const, values: [value] }));
