import type { PodFacts } from "../../model/facts.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok } from "../check.ts";

const line = (pod: PodFacts) => `${fullName(pod)}${pod.node === null ? "" : ` on ${pod.node}`}`;

/** Until the last node has moved, every pod that has not reaches the others through the source. */
export const sourceHealthy: Check = {
  id: "source-healthy",
  title: "Source CNI is healthy",
  check({ facts, moving, source }) {
    const found = facts.workloads.filter(
      ({ kind, namespace, name }) =>
        kind === "DaemonSet" && namespace === source.namespace && source.daemonSets.includes(name),
    );
    const look = `kubectl -n ${source.namespace} get pods -o wide, and mend ${source.name} first`;
    const uids = new Set(found.map(({ uid }) => uid));
    const nodes = new Set(moving.nodes.map(({ name }) => name));
    const pods = facts.pods.filter(({ owner }) => owner !== null && uids.has(owner.uid));
    const missing = pods.filter(({ ready, node }) => !ready && (node === null || nodes.has(node))).map(line);
    const names = found.map(fullName).join(", ");
    if (missing.length > 0)
      return blocker(
        `${counted(missing.length, "pod")} of ${names} ${missing.length === 1 ? "is" : "are"} not Ready: ${someOf(missing)}`,
        look,
        missing,
      );
    const without =
      found.reduce((sum, { desired, ready }) => sum + desired - ready, 0) - pods.filter(({ ready }) => !ready).length;
    if (without > 0)
      return blocker(
        `${counted(without, "pod")} of ${names} ${without === 1 ? "is" : "are"} missing or not Ready`,
        look,
        [names],
      );
    return ok(`Every pod of ${names} on nodes that move is Ready`);
  },
};
