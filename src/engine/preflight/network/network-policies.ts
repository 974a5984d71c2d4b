import { isOfSource } from "../../model/plan/source-workloads.ts";
import { isPolicyEngine } from "../../sources/fingerprints.ts";
import { type Check, type CheckInput, ok, warning } from "../check.ts";

/** A CNI's chart can bring a policy engine along in the same pod. */
function enforcedNow({ facts, source }: CheckInput): boolean {
  return facts.workloads.some(
    (workload) =>
      workload.kind === "DaemonSet" &&
      workload.desired > 0 &&
      (isPolicyEngine(workload.name) || (isOfSource(source, workload) && workload.images.some(isPolicyEngine))),
  );
}

/** Policies that nobody enforced for years would cut traffic off in one moment, when the last step switches them on. */
export const networkPolicies: Check = {
  id: "network-policies",
  check(input) {
    const kinds = Object.entries(input.facts.policies).filter(([, count]) => count > 0);
    if (kinds.length === 0) return ok();
    const lines = kinds.map(([kind, count]) => `${count} ${kind}`);
    const found = { count: kinds.reduce((sum, [, count]) => sum + count, 0), kinds: lines };
    if (enforcedNow(input)) return warning("policies-enforced", found, lines);
    return warning("policies-not-enforced", { source: input.source.name, ...found }, lines);
  },
};
