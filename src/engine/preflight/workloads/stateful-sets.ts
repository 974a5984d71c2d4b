import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";

/** A StatefulSet starts no second pod of a name: each member is away from its eviction until its volume has followed. */
export const statefulSets: Check = {
  id: "stateful-sets",
  check({ facts }) {
    const sets = facts.workloads.filter(({ kind, desired }) => kind === "StatefulSet" && desired > 0);
    const lines = sets.map((set) => `${fullName(set)} (${set.desired})`);
    return lines.length === 0 ? ok() : warning("stateful-sets-move", some(lines), lines);
  },
};
