import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

/** A StatefulSet starts no second pod of a name: each member is away from its eviction until its volume has followed. */
export const statefulSets: Check = {
  id: "stateful-sets",
  title: "StatefulSets",
  check({ facts }) {
    const sets = facts.workloads.filter(({ kind, desired }) => kind === "StatefulSet" && desired > 0);
    if (sets.length === 0) return ok("No StatefulSet runs");
    const lines = sets.map((set) => `${fullName(set)} (${set.desired})`);
    return warning(
      `${counted(sets.length, "StatefulSet")}, whose members are away one after the other while they move: ${someOf(lines)}`,
      "make sure that their volumes can follow to another node, and that a budget guards their quorum",
      lines,
    );
  },
};
