import type { ClusterFacts } from "../../model/facts.ts";
import { blocker, type Check, ok, warning } from "../check.ts";

/** iptables where nothing else is said: kube-proxy's own default on Linux. */
function modeOf(facts: ClusterFacts): string {
  const text = facts.configMaps["kube-system/kube-proxy"]?.["config.conf"] ?? "";
  return /^\s*mode:\s*"?([a-z]*)"?\s*$/m.exec(text)?.[1] || "iptables";
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
  check({ facts }) {
    if (!runs(facts)) return builtIn(facts) ? warning("kube-proxy-built-in", {}) : blocker("kube-proxy-missing", {});
    const mode = modeOf(facts);
    if (mode === "iptables") return ok();
    return mode === "ipvs" ? warning("kube-proxy-ipvs", {}) : warning("kube-proxy-mode-untested", { mode });
  },
};
