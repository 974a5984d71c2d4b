import { isOfSource } from "../../model/plan/source-workloads.ts";
import { policyName } from "../../model/policies/policy-view.ts";
import { inMinutes } from "../../plan/estimate.ts";
import { policiesOf, withFate } from "../../policies/inventory.ts";
import { policyWorld } from "../../policies/policy-world.ts";
import { isPolicyEngine } from "../../sources/fingerprints.ts";
import { type Check, type CheckInput, few, ok, warning } from "../check.ts";

/** A CNI's chart can bring a policy engine along in the same pod. */
function enforcedBeside({ facts, source }: CheckInput): boolean {
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
    const { facts, source, target } = input;
    const minutes = inMinutes(input.hybridMs);
    const kinds = Object.entries(facts.policies).filter(([, count]) => count > 0);
    if (kinds.length === 0) return ok();
    const lines = kinds.map(([kind, count]) => `${count} ${kind}`);
    const found = { count: kinds.reduce((sum, [, count]) => sum + count, 0), kinds: lines };
    const policies = policiesOf(policyWorld(facts, source, target));
    const named = {
      ...found,
      ...few(policies.map(({ namespace, name }) => (namespace === null ? name : `${namespace}/${name}`))),
    };
    const objects = [...lines, ...policies.map((policy) => `${policyName(policy)}: ${policy.fate}`)];
    if (enforcedBeside(input)) return warning("policies-enforced", { ...named, minutes }, objects);
    const unfit = few(withFate(policies, "changes", "report-only").map(policyName));
    const pods = new Set(policies.flatMap((policy) => policy.pods)).size;
    const all = { ...named, source: source.name, pods, unfit: unfit.first, moreUnfit: unfit.more };
    if (!source.enforcesPolicies) return warning("policies-not-enforced", all, objects);
    const range = target.nativeRoutingCidr;
    if (range === undefined) return warning("policies-open-and-blocked", { ...all, minutes }, objects);
    return warning("policies-open-meanwhile", { ...all, minutes, range }, objects);
  },
};
