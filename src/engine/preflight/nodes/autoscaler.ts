import { fullName } from "../../model/some-of.ts";
import { nodeManagers, scalableManagers } from "../../owners/node-managers.ts";
import { type Check, ok, warning } from "../check.ts";

/** They add, remove or restart nodes on their own: a fresh node starts on the old CNI, and a drained one looks unused. */
export const autoscaler: Check = {
  id: "autoscaler",
  check({ facts, options }) {
    const found = nodeManagers(facts).map(fullName);
    if (found.length === 0) return ok();
    const scalable = scalableManagers(facts).map(fullName);
    if (!options.freezeOwners) return warning("node-managers-run", { workloads: found, scalable }, found);
    const left = found.filter((name) => !scalable.includes(name));
    if (left.length > 0) return warning("node-managers-not-frozen", { workloads: left }, left);
    return ok("node-managers-frozen", { workloads: found }, found);
  },
};
