import type { PermissionFacts } from "../facts.ts";
import { blocker, type Check, ok, warning } from "./check.ts";
import { counted, someOf } from "./words.ts";

const named = ({ verb, resource, group, namespace }: PermissionFacts) =>
  `${verb} ${resource}${group === "" ? "" : `.${group}`}${namespace === null ? "" : ` in ${namespace}`}`;

/** A right that is missing halfway would leave a node between two networks. */
export const permissions: Check = {
  id: "permissions",
  title: "All rights that are needed",
  check({ facts }) {
    if (facts.permissions.length === 0) {
      return warning("Which rights we have could not be asked", "check them with: kubectl auth can-i --list");
    }
    const missing = facts.permissions.filter(({ allowed }) => !allowed).map(named);
    if (missing.length === 0) return ok(`Every right that the run needs is given (${facts.permissions.length} asked)`);
    return blocker(
      `${counted(missing.length, "right")} ${missing.length === 1 ? "is" : "are"} missing: ${someOf(missing)}`,
      "use a kubeconfig whose user may do this (cluster-admin may), for example with --context NAME",
      missing,
    );
  },
};
