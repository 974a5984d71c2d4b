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
  title: "kube-proxy is running",
  check({ facts }) {
    if (!runs(facts)) {
      if (builtIn(facts)) {
        return warning(
          "kube-proxy shows in no object; this distribution runs it inside its own process",
          "make sure that it was not disabled in its configuration",
        );
      }
      return blocker(
        "No kube-proxy runs: Cilium would have to replace it at once, and that has cut load balancers off while two overlays run",
        "install kube-proxy first (kubeadm init phase addon kube-proxy); replace it after the migration",
      );
    }
    const mode = modeOf(facts);
    if (mode === "iptables") return ok("kube-proxy runs in iptables mode");
    return warning(
      `kube-proxy runs in ${mode} mode, ${mode === "ipvs" ? "in which pods have had trouble to reach node ports beside Cilium" : "which is untested beside two overlays"}`,
      "test node ports on the first node; to change the mode interrupts Services, so do that apart from the migration",
    );
  },
};
