import { type Check, few, ok, some, warning } from "../check.ts";

/** A namespace takes all that is in it with it, whoever put it there. */
export const sourceNamespace: Check = {
  id: "source-namespace",
  check({ source: { name, namespace, ownsNamespace, namespaceKeepers: keepers } }) {
    const of = { source: name, namespace };
    if (ownsNamespace && keepers.length > 0)
      return warning("source-namespace-unread", { ...of, ...few(keepers) }, keepers);
    if (ownsNamespace) return ok("source-namespace-removed", of);
    if (keepers.length === 0) return ok("source-namespace-stays", of);
    return warning("source-namespace-kept", { ...of, ...some(keepers) }, keepers);
  },
};
