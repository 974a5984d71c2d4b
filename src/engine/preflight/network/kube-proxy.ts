import type { ClusterFacts } from "../../model/facts.ts";
import { covers, parseCidr } from "../../net/cidr.ts";
import { blocker, type Check, type CheckInput, type Finding, ok, warning } from "../check.ts";

const configOf = (facts: ClusterFacts) => facts.configMaps["kube-system/kube-proxy"]?.["config.conf"] ?? "";

/** Ranges whose traffic to Services kube-proxy takes for pods'; what comes from elsewhere it masquerades. */
function clusterCidrOf(facts: ClusterFacts): readonly string[] {
  const given = /^clusterCIDR:\s*"?([0-9a-f.:/,]+)"?\s*$/m.exec(configOf(facts))?.[1] ?? "";
  return given.split(",").filter((cidr) => parseCidr(cidr) !== null);
}

/** Moved pods are outside of it. Harmless while Cilium translates their Service addresses before kube-proxy sees them. */
function clusterCidr({ facts, target }: CheckInput): Finding {
  const pods = parseCidr(target.podCidr);
  const ranges = clusterCidrOf(facts);
  const covered = ranges.some((cidr) => {
    const range = parseCidr(cidr);
    return range !== null && pods !== null && covers(range, pods);
  });
  if (ranges.length === 0 || covered) return ok();
  return ok("kube-proxy-cluster-cidr", { cidr: ranges.join(", "), podCidr: target.podCidr });
}

/** iptables where nothing else is said: kube-proxy's own default on Linux. */
function modeOf(facts: ClusterFacts): string {
  return /^\s*mode:\s*"?([a-z]*)"?\s*$/m.exec(configOf(facts))?.[1] || "iptables";
}

function runs(facts: ClusterFacts): boolean {
  const daemonSet = facts.workloads.some(
    ({ kind, name, desired }) => kind === "DaemonSet" && name.includes("kube-proxy") && desired > 0,
  );
  return daemonSet || facts.pods.some(({ name, mirror }) => mirror && name.startsWith("kube-proxy"));
}

/** k3s and RKE2 run it inside their own process, where no object shows it. */
const builtIn = (facts: ClusterFacts) => facts.nodes.every(({ kubeletVersion }) => /\+(k3s|rke2)/.test(kubeletVersion));

/** Services of both networks are served by kube-proxy until the end. */
export const kubeProxy: Check = {
  id: "kube-proxy",
  check(input) {
    const { facts } = input;
    if (!runs(facts)) return builtIn(facts) ? warning("kube-proxy-built-in", {}) : blocker("kube-proxy-missing", {});
    const mode = modeOf(facts);
    if (mode === "iptables") return clusterCidr(input);
    return mode === "ipvs" ? warning("kube-proxy-ipvs", {}) : warning("kube-proxy-mode-untested", { mode });
  },
};
