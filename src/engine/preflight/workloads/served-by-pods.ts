import { type Check, ok, some, warning } from "../check.ts";

/** While their pods move, the API server cannot ask them: a webhook that fails closed stops writes, the eviction of its own pods among them. */
export const servedByPods: Check = {
  id: "served-by-pods",
  check({ facts }) {
    const lines = facts.backends
      .filter(({ kind, failsClosed }) => failsClosed || kind === "APIService")
      .map(
        ({ kind, name, serviceNamespace, serviceName }) =>
          `${kind} ${name} (Service ${serviceNamespace}/${serviceName})`,
      );
    return lines.length === 0 ? ok() : warning("apis-served-by-pods", some(lines, 2), lines);
  },
};
