import { fullName } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

const managers =
  /^(.*-)?(cluster-autoscaler|karpenter|kured|flatcar-linux-update-operator|descheduler|system-upgrade-controller)(-.*)?$/;

/** They add, remove or restart nodes on their own: a fresh node starts on the old CNI, and a drained one looks unused. */
export const autoscaler: Check = {
  id: "autoscaler",
  check({ facts }) {
    const found = facts.workloads.filter(({ name, desired }) => desired > 0 && managers.test(name)).map(fullName);
    return found.length === 0 ? ok() : warning("node-managers-run", { workloads: found }, found);
  },
};
