import { fullName } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

const managers =
  /^(.*-)?(cluster-autoscaler|karpenter|kured|flatcar-linux-update-operator|descheduler|system-upgrade-controller)(-.*)?$/;

/** They add, remove or restart nodes on their own: a fresh node starts on the old CNI, and a drained one looks unused. */
export const autoscaler: Check = {
  id: "autoscaler",
  title: "No autoscaler or reboot daemon",
  check({ facts }) {
    const found = facts.workloads.filter(({ name, desired }) => desired > 0 && managers.test(name)).map(fullName);
    if (found.length === 0) return ok("No autoscaler and no reboot agent was recognised");
    return warning(
      `${found.join(", ")} may add, remove or restart nodes during the run`,
      "scale it to zero until the migration is over: kubectl -n NAMESPACE scale deployment NAME --replicas=0",
      found,
    );
  },
};
