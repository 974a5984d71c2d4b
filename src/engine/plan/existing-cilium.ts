import { migrationLabel, nodeConfigName } from "../model/cilium-names.ts";
import type { CiliumNodeConfigFacts, ClusterFacts, HelmReleaseFacts, WorkloadFacts } from "../model/facts.ts";
import type { CiliumTarget } from "../model/plan-types.ts";
import { type Code, type ParamsOf, type Reason, reason } from "../model/reason.ts";
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
  | { readonly kind: "unusable"; readonly reason: Reason };

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

function unusable<C extends Code>(code: C, params: ParamsOf[C]): ExistingCilium {
  return { kind: "unusable", reason: reason(code, params, { clearedBy: "person" }) as Reason };
}

interface Problem {
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
}

/** What of the configuration would break the hybrid phase, in the chart's own words. */
function configProblems(config: Config): readonly Problem[] {
  const wanted: readonly (readonly [string, string, string])[] = [
    ["ipam", "cluster-pool", "ipam.mode"],
    ["routing-mode", "tunnel", "routingMode"],
    ["enable-policy", "never", "policyEnforcementMode"],
    ["kube-proxy-replacement", "false", "kubeProxyReplacement"],
  ];
  return wanted.flatMap(([key, value, path]) =>
    (config[key] ?? value) === value ? [] : [{ path, found: String(config[key]), wanted: value }],
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
  const of = { release: release.name, namespace: release.namespace };
  const mode = config["cni-chaining-mode"] ?? "none";
  if (mode !== "none" && mode !== "") return unusable("cilium-chained", { mode, ...of });
  if (config["write-cni-conf-when-ready"] !== undefined) return unusable("cilium-in-charge", { release: release.name });
  const problems = configProblems(config);
  if (problems.length > 0) {
    const values = problems.map(({ path }) => path);
    const found = problems.map((it) => it.found);
    return unusable("cilium-values-unfit", { values, found, wanted: problems.map((it) => it.wanted), ...of });
  }
  const adopted = adopt(config, release);
  if (adopted) return { kind: "secondary", release, adopted };
  return unusable("cilium-pool-unfit", { pool: config["cluster-pool-ipv4-cidr"] ?? "", ...of });
}

function judgeAgents(agent: WorkloadFacts, release: HelmReleaseFacts | undefined, facts: ClusterFacts): ExistingCilium {
  const of = { workload: `DaemonSet ${agent.namespace}/${agent.name}`, namespace: agent.namespace };
  if (!release || release.namespace !== agent.namespace) return unusable("cilium-not-by-helm", of);
  const config = facts.configMaps[`${agent.namespace}/cilium-config`];
  return config ? judge(config, release) : unusable("cilium-config-unread", of);
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
