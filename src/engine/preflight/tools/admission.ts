import type { DryRunFacts } from "../../model/cluster/dry-run-facts.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";

const named = ({ verb, kind, namespace, name }: DryRunFacts) =>
  `${verb} ${kind} ${namespace === null ? "" : `${namespace}/`}${name}`;

const said = (write: DryRunFacts) =>
  `${named(write)} (${[write.by, write.message].filter((words) => words !== "").join(": ")})`;

/** A write that admission refuses halfway leaves a node between two networks: each kind of ours is tried before, by dry run. */
export const admission: Check = {
  id: "admission",
  acceptable: true,
  check({ facts: { dryRuns, ownNamespace } }) {
    const refused = dryRuns.filter(({ answer }) => answer === "refused").map(said);
    if (refused.length > 0) return blocker("writes-refused", some(refused), refused);
    const unknown = dryRuns.filter(({ answer }) => answer === "unknown").map(said);
    if (unknown.length > 0) return warning("writes-untried", some(unknown), unknown);
    if (ownNamespace === "missing") return ok("writes-accepted-so-far", { count: dryRuns.length });
    return ok("writes-accepted", { count: dryRuns.length });
  },
};
