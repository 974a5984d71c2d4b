import type { WorkloadFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

const isCache = ({ kind, name, labels }: WorkloadFacts) =>
  kind === "DaemonSet" && (/^(.*-)?node-?local-?dns(cache)?$/.test(name) || labels["k8s-app"] === "node-local-dns");

/** It answers on an address of the node: to Cilium's policies it is the host, and no pod that a label selects. */
export const nodeLocalDns: Check = {
  id: "node-local-dns",
  check({ facts }) {
    const found = facts.workloads.filter((workload) => isCache(workload) && workload.desired > 0).map(fullName);
    if (found.length === 0) return ok();
    const policies = Object.values(facts.policies).reduce((sum, count) => sum + count, 0);
    if (policies === 0) return warning("node-local-dns-runs", { workloads: found }, found);
    return warning("node-local-dns-guarded", { workloads: found, policies }, found);
  },
};
