import type { PodFacts } from "../../model/facts.ts";
import { isOfSource } from "../../model/plan/source-workloads.ts";
import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some } from "../check.ts";

const line = (pod: PodFacts) => `${fullName(pod)}${pod.node === null ? "" : ` on ${pod.node}`}`;

/** Until the last node has moved, every pod that has not reaches the others through the source. */
export const sourceHealthy: Check = {
  id: "source-healthy",
  check({ facts, moving, source }) {
    const found = facts.workloads.filter((workload) => isOfSource(source, workload));
    const uids = new Set(found.map(({ uid }) => uid));
    const nodes = new Set(moving.nodes.map(({ name }) => name));
    const pods = facts.pods.filter(({ owner }) => owner !== null && uids.has(owner.uid));
    const missing = pods.filter(({ ready, node }) => !ready && (node === null || nodes.has(node))).map(line);
    const workloads = found.map(fullName);
    const where = { workloads, namespace: source.namespace, source: source.name };
    if (missing.length > 0) return blocker("source-pods-unready", { ...where, ...some(missing) }, missing);
    const count =
      found.reduce((sum, { desired, ready }) => sum + desired - ready, 0) - pods.filter(({ ready }) => !ready).length;
    if (count > 0) return blocker("source-pods-missing", { ...where, count }, workloads);
    return ok("source-pods-ready", { workloads });
  },
};
