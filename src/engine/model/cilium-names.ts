/** Names that Cilium's own migration guide uses (Documentation/installation/k8s-install-migration.rst). */
export const migrationLabel = "io.cilium.migration/cilium-default";
export const nodeConfigName = "cilium-default";
export const ciliumConfFile = "05-cilium.conflist";
/** Suffix that an exclusive agent gives to every other CNI's configuration. */
export const backupSuffix = ".cilium_bak";
export const agentNotReadyTaint = "node.cilium.io/agent-not-ready";
export const agentDaemonSet = "cilium";
export const operatorDeployment = "cilium-operator";
/** By which operators agree who of them leads, in their own namespace. */
export const operatorLease = "cilium-operator-resource-lock";
/** CRDs without which no agent starts; the operator creates them, not the chart. */
export const neededCrds = [
  "ciliumnodes.cilium.io",
  "ciliumendpoints.cilium.io",
  "ciliumidentities.cilium.io",
  "ciliumnodeconfigs.cilium.io",
] as const;

/** What a node's agent needs to hear to take the node over; values must be strings (cilium.md §1.4 step 7). */
export const takeOver: Readonly<Record<string, string>> = {
  "write-cni-conf-when-ready": `/host/etc/cni/net.d/${ciliumConfFile}`,
  "custom-cni-conf": "false",
  "cni-chaining-mode": "none",
  "cni-exclusive": "true",
};
/** Label app of the pod by which we reboot a node (kube/rebooter.ts). */
export const rebootPodLabel = "crossfade-reboot";
