import type { PolicyDialect } from "../../../policies/policy-world.ts";
import { closedHosts } from "./hosts.ts";

const groups = ["crd.projectcalico.org", "projectcalico.org"];
const resources = ["networkpolicies", "globalnetworkpolicies"];

/** Calico's own policies: Cilium knows none of them. */
export const calicoDialect: PolicyDialect = {
  kinds: groups.flatMap((group) => resources.map((resource) => `${resource}.${group}`)),
  read: () => [],
  closedHosts,
};
