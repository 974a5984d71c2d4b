import type { ValuesPhase } from "./values-phase.ts";

const terms = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

/** Why each value is what it is; the same in both phases unless `phased` says otherwise. */
const reasons: Readonly<Record<string, string>> = {
  "operator.replicas": "Two replicas never share a node, so a cluster of one node gets one.",
  "operator.setNodeTaints":
    "Otherwise the operator taints every node NoSchedule until its agent is Ready, although the old CNI still serves it: an image that cannot be pulled would stop scheduling in the whole cluster.",
  MTU: "The old CNI's MTU was set by hand: this is the network's, of which Cilium's overlay takes 50 bytes.",
  ipv4NativeRoutingCIDR:
    "One range over the old CNI's pods and Cilium's: pods keep their addresses on their way to each other, so the old CNI's policies go on knowing those that were moved.",
  routingMode: "The overlay must not depend on routes that the old CNI owns.",
  tunnelProtocol: "Two overlays may share a node only with another protocol or another port.",
  tunnelPort: "Not the old CNI's port: two VXLAN devices on one port fail with Address already in use.",
  "cni.uninstall": "An agent that restarts must not take its node's CNI configuration away.",
  "ipam.mode": "Addresses come from Cilium's own pool, never from the range of the old CNI.",
  "ipam.operator.clusterPoolIPv4PodCIDRList": "Disjoint from every range that the cluster is known to use.",
  "ipam.operator.clusterPoolIPv4MaskSize": "Size of each node's piece: room for all the pods that its kubelet allows.",
  "bpf.hostLegacyRouting":
    "Traffic between the two overlays crosses the host's routing table. Changing it later interrupts connections, so it is a step of its own.",
  kubeProxyReplacement: "kube-proxy stays: replacing it while two overlays run has cut load balancers off.",
  [terms]:
    "Not on virtual nodes (Fargate, virtual-kubelet): no agent ever becomes Ready there, and rollouts would wait for it.",
  [`operator.${terms}`]: "Nor the operator: on a virtual node it would run outside the cluster's network, or never.",
  [`envoy.${terms}`]: "Nor Envoy. The first entry is the chart's own, which this list replaces.",
  "hubble.relay.enabled": "Relay needs every node's agent on port 4244; switch it on after the migration.",
};

const phased: Readonly<Record<ValuesPhase, Readonly<Record<string, string>>>> = {
  initial: {
    "operator.unmanagedPodWatcher.restart":
      "Otherwise the operator deletes DNS pods that are still on the old CNI, again and again.",
    "cni.customConf": "Agents write no CNI configuration, so no node changes hands until a CiliumNodeConfig says so.",
    policyEnforcementMode: "Pods on the old CNI have no identity, so enforcing policies would drop their traffic.",
  },
  final: {
    "operator.unmanagedPodWatcher.restart": "FINAL: every pod is Cilium's now, so one that is not is restarted.",
    "cni.customConf": "FINAL: every agent keeps its node's CNI configuration by itself.",
    policyEnforcementMode: "FINAL: NetworkPolicies are enforced again.",
  },
};

/** The reason of each path; a value that only the operator's own file has says so. */
export function commentAt(phase: ValuesPhase): (path: string) => string | undefined {
  return (path) => phased[phase][path] ?? reasons[path];
}
