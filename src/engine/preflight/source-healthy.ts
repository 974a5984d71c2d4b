import { blocker, type Check, ok } from "./check.ts";
import { counted, fullName } from "./words.ts";

/** Until the last node has moved, every pod that has not reaches the others through the source. */
export const sourceHealthy: Check = {
  id: "source-healthy",
  title: "The old CNI is healthy",
  check({ facts, source }) {
    const found = facts.workloads.find(
      ({ kind, namespace, name }) =>
        kind === "DaemonSet" && namespace === source.namespace && name === source.daemonSet,
    );
    const look = `kubectl -n ${source.namespace} get pods -o wide, and mend Flannel first`;
    if (!found) return blocker(`DaemonSet ${source.namespace}/${source.daemonSet} is gone`, look);
    const missing = facts.pods
      .filter((pod) => pod.owner?.uid === found.uid && !pod.ready)
      .map((pod) => `${fullName(pod)}${pod.node === null ? "" : ` on ${pod.node}`}`);
    if (found.ready >= found.desired) return ok(`All ${counted(found.desired, "pod")} of ${fullName(found)} are Ready`);
    return blocker(
      `Only ${found.ready} of ${counted(found.desired, "pod")} of ${fullName(found)} are Ready`,
      look,
      missing.length > 0 ? missing : [fullName(found)],
    );
  },
};
