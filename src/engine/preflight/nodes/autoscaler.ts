import { fullName } from "../../model/some-of.ts";
import { leftFrozen, nodeManagers, scalableManagers } from "../../owners/node-managers.ts";
import { type Check, ok, warning } from "../check.ts";

/** They add, remove or restart nodes on their own: a fresh node starts on the old CNI, and a drained one looks unused. */
export const autoscaler: Check = {
  id: "autoscaler",
  check({ facts, options }) {
    const left = leftFrozen(facts).map(fullName);
    if (left.length > 0 && !options.freezeOwners)
      return warning("node-managers-left-frozen", { workloads: left }, left);
    const found = [...nodeManagers(facts), ...leftFrozen(facts)].map(fullName);
    if (found.length === 0) return ok();
    const scalable = scalableManagers(facts).map(fullName);
    if (!options.freezeOwners) return warning("node-managers-run", { workloads: found, scalable }, found);
    const others = found.filter((name) => !scalable.includes(name));
    if (others.length > 0) return warning("node-managers-not-frozen", { workloads: others }, others);
    return ok("node-managers-frozen", { workloads: found }, found);
  },
};
