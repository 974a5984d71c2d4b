import { migrationLabel, nodeConfigName } from "../model/cilium-names.ts";
import type { CiliumNodeConfigFacts, ClusterFacts, HelmReleaseFacts, WorkloadFacts } from "../model/facts.ts";
import type { CiliumTarget } from "../model/plan-types.ts";
import { parseCidr } from "../net/cidr.ts";
import { isCiliumAgent } from "../sources/fingerprints.ts";

/** A Cilium that is there before the run, and what can be made of it. */
export type ExistingCilium =
  | { readonly kind: "none" }
  /** CRDs or CiliumNodes without agents: what an earlier Cilium left. */
  | { readonly kind: "leftovers" }
  /** A helm release without agents, as a failed install leaves it. */
  | { readonly kind: "release-only"; readonly release: HelmReleaseFacts }
  /** Installed beside the source and in charge of no node by itself: the run goes on with it. */
  | { readonly kind: "secondary"; readonly release: HelmReleaseFacts; readonly adopted: AdoptedCilium }
  | { readonly kind: "unusable"; readonly because: string; readonly remedy: string };

export type AdoptedCilium = Pick<
  CiliumTarget,
  "version" | "namespace" | "release" | "podCidr" | "maskSize" | "tunnelProtocol" | "tunnelPort"
>;

type Config = Readonly<Record<string, string>>;

/** Statuses in which helm refuses every further command on a release. */
export const isPending = ({ status }: HelmReleaseFacts) => status.startsWith("pending") || status === "uninstalling";

export function ciliumRelease(facts: ClusterFacts): HelmReleaseFacts | undefined {
  return facts.helmReleases.find(({ chart }) => /^cilium-v?\d/.test(chart));
}

const unusable = (because: string, remedy: string): ExistingCilium => ({ kind: "unusable", because, remedy });

/** What of the configuration would break the hybrid phase, in the chart's own words. */
function configProblems(config: Config): readonly string[] {
  const wanted: readonly (readonly [string, string, string])[] = [
    ["ipam", "cluster-pool", "ipam.mode"],
    ["routing-mode", "tunnel", "routingMode"],
    ["enable-policy", "never", "policyEnforcementMode"],
    ["kube-proxy-replacement", "false", "kubeProxyReplacement"],
  ];
  return wanted.flatMap(([key, value, path]) =>
    (config[key] ?? value) === value ? [] : [`${path} is ${config[key]} and must be ${value}`],
  );
}

function adopt(config: Config, release: HelmReleaseFacts): AdoptedCilium | null {
  const pools = (config["cluster-pool-ipv4-cidr"] ?? "").split(/[\s,]+/).filter((text) => text !== "");
  const [podCidr] = pools;
  if (pools.length !== 1 || podCidr === undefined || !parseCidr(podCidr)) return null;
  const tunnelProtocol = config["tunnel-protocol"] === "geneve" ? "geneve" : "vxlan";
  return {
    version: release.chart.replace(/^cilium-v?/, ""),
    namespace: release.namespace,
    release: release.name,
    podCidr,
    maskSize: Number(config["cluster-pool-ipv4-mask-size"] ?? 24),
    tunnelProtocol,
    tunnelPort: Number(config["tunnel-port"] ?? (tunnelProtocol === "vxlan" ? 8472 : 6081)),
  };
}

function judge(config: Config, release: HelmReleaseFacts): ExistingCilium {
  const chaining = config["cni-chaining-mode"] ?? "none";
  if (chaining !== "none" && chaining !== "") {
    return unusable(
      `Cilium is chained to another CNI (cni-chaining-mode ${chaining}), and moving from chained mode is untested`,
      `helm uninstall ${release.name} -n ${release.namespace}, restart the nodes one by one, then run crossfade again`,
    );
  }
  if (config["write-cni-conf-when-ready"] !== undefined) {
    return unusable(
      "Cilium is installed in charge of every node: each agent that restarts takes its node over, drained or not",
      `helm upgrade ${release.name} with cni.customConf=true if no node was taken over yet, else finish that move by hand`,
    );
  }
  const problems = configProblems(config);
  if (problems.length > 0) {
    return unusable(
      `Cilium is installed beside the old CNI, but ${problems.join(" and ")}`,
      `helm upgrade ${release.name} -n ${release.namespace} --reuse-values with the values named, restart ds/cilium, then run crossfade again`,
    );
  }
  const adopted = adopt(config, release);
  if (adopted) return { kind: "secondary", release, adopted };
  return unusable(
    `Cilium's pool is "${config["cluster-pool-ipv4-cidr"] ?? ""}", and only a pool of exactly one range can be taken over`,
    `helm uninstall ${release.name} -n ${release.namespace}, then run crossfade again`,
  );
}

function judgeAgents(agent: WorkloadFacts, release: HelmReleaseFacts | undefined, facts: ClusterFacts): ExistingCilium {
  const where = `DaemonSet ${agent.namespace}/${agent.name}`;
  if (!release || release.namespace !== agent.namespace) {
    return unusable(
      `Cilium runs (${where}), but no helm release in ${agent.namespace} owns it, so helm cannot change it`,
      "let helm own it in secondary mode; remove it only once no node has its 05-cilium.conflist, or pods there lose their network",
    );
  }
  const config = facts.configMaps[`${agent.namespace}/cilium-config`];
  if (config) return judge(config, release);
  return unusable(
    `Cilium runs (${where}), but its ConfigMap ${agent.namespace}/cilium-config cannot be read`,
    `kubectl get configmap -n ${agent.namespace} cilium-config; Crossfade can go on only with a Cilium in kube-system`,
  );
}

/** Looks at the Cilium that is already there, if any. */
export function existingCilium(facts: ClusterFacts): ExistingCilium {
  const agent = facts.workloads.find(isCiliumAgent);
  const release = ciliumRelease(facts);
  if (agent) return judgeAgents(agent, release, facts);
  if (release) return { kind: "release-only", release };
  const traces = facts.ciliumNodes.length > 0 || facts.apiGroups["cilium.io"] !== undefined;
  return traces ? { kind: "leftovers" } : { kind: "none" };
}

/** CiliumNodeConfigs that hand nodes over and are not the one that this tool writes. */
export function foreignNodeConfigs(facts: ClusterFacts): readonly CiliumNodeConfigFacts[] {
  return facts.ciliumNodeConfigs.filter(({ name, matchLabels, defaults }) => {
    if (defaults["write-cni-conf-when-ready"] === undefined) return false;
    const labels = Object.entries(matchLabels);
    return name !== nodeConfigName || labels.length !== 1 || matchLabels[migrationLabel] !== "true";
  });
}

/** Nodes that bear the label by which a CiliumNodeConfig hands them over. */
export function labelledNodes(facts: ClusterFacts): readonly string[] {
  return facts.nodes.filter(({ labels }) => labels[migrationLabel] === "true").map(({ name }) => name);
}
