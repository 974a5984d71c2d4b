import { closedHostsOf } from "../../policies/inventory.ts";
import { policyWorld } from "../../policies/policy-world.ts";
import { blocker, type Check, ok, some } from "../check.ts";

/** Policies of the hosts themselves that drop Cilium's tunnel cut a migrated node's pods off within seconds, and nothing reports it. */
export const hostPolicies: Check = {
  id: "host-policies",
  check({ facts, source, target }) {
    const hosts = closedHostsOf(policyWorld(facts, source, target));
    if (hosts.length === 0) return ok();
    const lines = hosts.map(({ name, node, policies }) => {
      const by = policies.length === 0 ? "selected by no policy" : policies.join(", ");
      return `${name} on ${node} (${by})`;
    });
    const closed = [...new Set(hosts.flatMap((host) => host.closed))];
    return blocker("hosts-closed", { closed, tunnel: target.tunnelPort, ...some(lines) }, lines);
  },
};
