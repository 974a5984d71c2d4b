import type { JsonValue } from "../model/plan-types.ts";

/** What the user's file may say of one value while two CNIs share the cluster. */
export interface ValueRule {
  readonly path: string;
  /** The only values that can be lived with; null and "" are added where they mean the chart's default. */
  readonly only: readonly JsonValue[];
  /** Why any other value would break the hybrid phase: the end of "…, because …". */
  readonly because: string;
}

const unset = [null, ""] as const;
const off = [null, false, "false"] as const;
const devices = "it attaches programs to the nodes' devices, those of the old CNI among them";
const cloud = "addresses have to come from Cilium's own pool during the migration";
const hidden = "a CiliumNodeConfig could then not hand single nodes over";

const cniRules: readonly ValueRule[] = [
  { path: "cni.customConf", only: [true], because: "every agent would take its node over at once" },
  { path: "cni.install", only: [true], because: "no agent could ever take its node over" },
  { path: "cni.uninstall", only: [false], because: "an agent that restarts would take its node's CNI away" },
  { path: "cni.chainingMode", only: [...unset, "none"], because: "Cilium would chain itself to the old CNI" },
  { path: "cni.chainingTarget", only: unset, because: "Cilium would chain itself to the old CNI" },
  { path: "cni.configMap", only: unset, because: "every agent would write that configuration at once" },
  { path: "cni.readCniConf", only: unset, because: "every agent would write that configuration at once" },
];

const routingRules: readonly ValueRule[] = [
  { path: "routingMode", only: ["tunnel"], because: "native routing needs routes that the old CNI owns" },
  { path: "autoDirectNodeRoutes", only: off, because: "it belongs to native routing" },
  { path: "installNoConntrackIptablesRules", only: off, because: "it belongs to native routing" },
  { path: "ipam.mode", only: ["cluster-pool"], because: cloud },
  { path: "eni.enabled", only: off, because: cloud },
  { path: "azure.enabled", only: off, because: cloud },
  { path: "alibabacloud.enabled", only: off, because: cloud },
  { path: "gke.enabled", only: off, because: cloud },
  { path: "ipv4.enabled", only: [true], because: "changing the address family is not part of a migration" },
  { path: "ipv6.enabled", only: off, because: "pods on the old CNI have no IPv6 addresses of this cluster" },
];

const featureRules: readonly ValueRule[] = [
  {
    path: "kubeProxyReplacement",
    only: [false, "false"],
    because: "replacing kube-proxy while two overlays run has cut load balancers off",
  },
  {
    path: "policyEnforcementMode",
    only: ["never", "default", "always"],
    because: "Cilium knows no other; until every node is migrated it is never, whatever is said here",
  },
  { path: "bpf.masquerade", only: off, because: devices },
  {
    path: "bpf.hostLegacyRouting",
    only: [true],
    because: "traffic between the overlays needs the host's routing table",
  },
  { path: "hostFirewall.enabled", only: off, because: devices },
  { path: "encryption.enabled", only: off, because: "pods on the old CNI could not read encrypted traffic" },
  { path: "l2announcements.enabled", only: off, because: devices },
  { path: "l2podAnnouncements.enabled", only: off, because: devices },
  {
    path: "bgpControlPlane.enabled",
    only: off,
    because: "pods of both networks would be announced, and BGP is untested in a migration",
  },
  { path: "nodePort.enabled", only: off, because: "kube-proxy serves node ports during the migration" },
  { path: "externalIPs.enabled", only: off, because: "kube-proxy serves external addresses during the migration" },
  { path: "hostPort.enabled", only: off, because: "it needs the replacement of kube-proxy" },
  { path: "bandwidthManager.enabled", only: off, because: devices },
  { path: "egressGateway.enabled", only: off, because: "it needs eBPF masquerading and the replacement of kube-proxy" },
  { path: "ipMasqAgent.enabled", only: off, because: "it needs eBPF masquerading" },
];

const controlRules: readonly ValueRule[] = [
  {
    path: "operator.unmanagedPodWatcher.restart",
    only: [false],
    because: "the operator would keep deleting DNS pods that are still on the old CNI; it becomes true at the end",
  },
  {
    path: "operator.enabled",
    only: [true],
    because: "only the operator creates the CRDs and gives nodes their ranges",
  },
  { path: "operator.skipCRDCreation", only: off, because: "no agent starts without the CRDs" },
  { path: "operator.removeNodeTaints", only: [true], because: "nodes would stay tainted after their agent restarts" },
  { path: "daemon.configSources", only: unset, because: hidden },
  { path: "daemon.allowedConfigOverrides", only: unset, because: hidden },
  { path: "daemon.blockedConfigOverrides", only: unset, because: hidden },
  { path: "disableEndpointCRD", only: off, because: "CiliumEndpoints show which pods are on Cilium" },
  { path: "agent", only: [true], because: "every node needs an agent" },
  { path: "healthChecking", only: [true], because: "its health endpoints are used to verify the tunnel" },
  {
    path: "endpointHealthChecking.enabled",
    only: [true],
    because: "its health endpoints are used to verify the tunnel",
  },
  { path: "sleepAfterInit", only: off, because: "no agent would start" },
  { path: "cleanState", only: off, because: "every agent that restarts would cut its node's pods off" },
  { path: "cleanBpfState", only: off, because: "every agent that restarts would cut its node's pods off" },
  { path: "name", only: ["cilium"], because: "the agents are found by the name of their DaemonSet" },
  { path: "namespaceOverride", only: unset, because: "the agents are found in the release's namespace" },
  {
    path: "agentNotReadyTaintKey",
    only: ["node.cilium.io/agent-not-ready"],
    because: "a node that keeps the taint would not be noticed",
  },
];

export const valueRules: readonly ValueRule[] = [...cniRules, ...routingRules, ...featureRules, ...controlRules];

/** Values that older charts had: the chart fails, or helm passes over them in silence. */
export const removedValues: Readonly<Record<string, string>> = {
  tunnel: "use routingMode and tunnelProtocol",
  "ipam.operator.clusterPoolIPv4PodCIDR": "use ipam.operator.clusterPoolIPv4PodCIDRList",
  "ipam.operator.clusterPoolIPv6PodCIDR": "use ipam.operator.clusterPoolIPv6PodCIDRList",
};

/** Keys of cilium-config that the values above render; extraConfig would set them behind our back. */
export const reservedConfig: ReadonlySet<string> = new Set([
  "write-cni-conf-when-ready",
  "custom-cni-conf",
  "cni-exclusive",
  "cni-chaining-mode",
  "cni-uninstall",
  "read-cni-conf",
  "enable-policy",
  "routing-mode",
  "tunnel-protocol",
  "tunnel-port",
  "ipam",
  "cluster-pool-ipv4-cidr",
  "cluster-pool-ipv4-mask-size",
  "kube-proxy-replacement",
  "enable-host-legacy-routing",
  "enable-bpf-masquerade",
  "unmanaged-pod-watcher-interval",
]);
