import { counted, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

/** A namespace takes all that is in it with it, whoever put it there. */
export const sourceNamespace: Check = {
  id: "source-namespace",
  title: "Source CNI namespace",
  check({ source: { name, namespace, ownsNamespace, namespaceKeepers: keepers } }) {
    if (ownsNamespace && keepers.length > 0) {
      return warning(
        `Namespace ${namespace} is removed with ${name} only if it holds nothing of others, and not all of it could be looked at: ${someOf(keepers)}`,
        "nothing: it is asked again right before the removal, and the namespace stays where that is not answered either",
        keepers,
      );
    }
    if (ownsNamespace) return ok(`Namespace ${namespace} holds nothing but ${name} and is removed with it`);
    if (keepers.length === 0) return ok(`Namespace ${namespace} is not ${name}'s own and stays`);
    return warning(
      `Namespace ${namespace} is not removed with ${name}, because of ${counted(keepers.length, "thing")} in it: ${someOf(keepers)}`,
      "nothing, if it may stay; else move them to another namespace before the run",
      keepers,
    );
  },
};
