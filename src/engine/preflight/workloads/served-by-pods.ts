import { counted, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";

/** While their pods move, the API server cannot ask them: a webhook that fails closed stops writes, the eviction of its own pods among them. */
export const servedByPods: Check = {
  id: "served-by-pods",
  title: "Webhooks and APIServices served by pods",
  check({ facts }) {
    const lines = facts.backends
      .filter(({ kind, failsClosed }) => failsClosed || kind === "APIService")
      .map(
        ({ kind, name, serviceNamespace, serviceName }) =>
          `${kind} ${name} (Service ${serviceNamespace}/${serviceName})`,
      );
    if (lines.length === 0) return ok("No webhook that fails closed, and no API, is served by pods");
    return warning(
      `${counted(lines.length, "part")} of the API ${lines.length === 1 ? "is" : "are"} served by pods that move: ${someOf(lines, 2)}`,
      "give each two replicas on different nodes, and a budget; where the API server is outside of the cluster, check that it can reach the new range",
      lines,
    );
  },
};
