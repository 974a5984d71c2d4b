import type { PermissionFacts } from "../../model/facts.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";

const named = ({ verb, resource, group, namespace, name }: PermissionFacts) =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}${name === undefined ? "" : ` ${name}`}${namespace === null ? "" : ` in ${namespace}`}`;

const isLast = ({ stage }: PermissionFacts) => stage === "finalize";

/** A right that is missing halfway would leave a node between two networks. */
export const permissions: Check = {
  id: "permissions",
  check({ facts }) {
    if (facts.permissions.length === 0) return warning("rights-not-asked", {});
    const denied = facts.permissions.filter(({ allowed }) => !allowed);
    const missing = denied.map(named);
    if (missing.length === 0) return ok("rights-given", { count: facts.permissions.length });
    // The role of the stage before the last is good for all nodes and their rollback; one with a hole in it is not.
    if (denied.every(isLast) && denied.length === facts.permissions.filter(isLast).length)
      return warning("rights-to-finalize-missing", some(missing), missing);
    return blocker("rights-missing", some(missing), missing);
  },
};
