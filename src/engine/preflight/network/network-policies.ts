import { counted } from "../../model/some-of.ts";
import { isPolicyEngine } from "../../sources/fingerprints.ts";
import { type Check, type CheckInput, ok, warning } from "../check.ts";

/** A CNI's chart can bring a policy engine along in the same pod. */
function enforcedNow({ facts, source }: CheckInput): boolean {
  return facts.workloads.some(
    ({ kind, namespace, name, images, desired }) =>
      kind === "DaemonSet" &&
      desired > 0 &&
      (isPolicyEngine(name) ||
        (namespace === source.namespace && source.daemonSets.includes(name) && images.some(isPolicyEngine))),
  );
}

/** Policies that nobody enforced for years would cut traffic off in one moment, when the last step switches them on. */
export const networkPolicies: Check = {
  id: "network-policies",
  title: "NetworkPolicies",
  check(input) {
    const kinds = Object.entries(input.facts.policies).filter(([, count]) => count > 0);
    if (kinds.length === 0) return ok("There are no NetworkPolicies");
    const lines = kinds.map(([kind, count]) => `${count} ${kind}`);
    const total = counted(
      kinds.reduce((sum, [, count]) => sum + count, 0),
      "policy",
    );
    if (enforcedNow(input)) {
      return warning(
        `${total} (${lines.join(", ")}), which the old CNI's policy engine enforces: between the two networks source addresses are lost, so they may drop wanted traffic until the end`,
        "export them, take away what matches pods by label, and apply them again after the migration",
        lines,
      );
    }
    return warning(
      `${total} (${lines.join(", ")}) that ${input.source.name} does not enforce: Cilium enforces all of them at once when the migration is finalized`,
      "read them before that; try them with policyAuditMode: true in a file given with --helm-values",
      lines,
    );
  },
};
