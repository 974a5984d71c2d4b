import type { PermissionFacts } from "../../model/facts.ts";
import { counted, someOf } from "../../model/some-of.ts";
import { blocker, type Check, type Finding, ok, warning } from "../check.ts";

const named = ({ verb, resource, group, namespace, name }: PermissionFacts) =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` ${name}`}${namespace === null ? "" : ` in ${namespace}`}`;

const isLast = ({ stage }: PermissionFacts) => stage === "finalize";

/** The role of the stage before the last: good for all nodes and for the way back, which needs no more. */
function upToTheLastNode(missing: readonly string[]): Finding {
  return warning(
    `The rights reach to the last node and back; to remove the old CNI ${missing.length} more will be needed: ${someOf(missing)}`,
    "have the role that crossfade rbac --stage finalize prints by then",
    missing,
  );
}

/** A right that is missing halfway would leave a node between two networks. */
export const permissions: Check = {
  id: "permissions",
  title: "RBAC permissions",
  check({ facts }) {
    if (facts.permissions.length === 0) {
      return warning("Which rights we have could not be asked", "check them with: kubectl auth can-i --list");
    }
    const denied = facts.permissions.filter(({ allowed }) => !allowed);
    const missing = denied.map(named);
    if (missing.length === 0) return ok(`Every right that the run needs is given (${facts.permissions.length} asked)`);
    // Some of the last ones given and some not is a role with a hole in it, and not one of an earlier stage.
    if (denied.every(isLast) && denied.length === facts.permissions.filter(isLast).length)
      return upToTheLastNode(missing);
    return blocker(
      `${counted(missing.length, "right")} ${missing.length === 1 ? "is" : "are"} missing: ${someOf(missing)}`,
      "give the role that crossfade rbac prints, or use a context whose user has it, for example with --context NAME",
      missing,
    );
  },
};
