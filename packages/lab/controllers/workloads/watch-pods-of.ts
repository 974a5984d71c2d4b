import type { ControlPlane, Stop } from "../control-plane.ts";
import type { Pod } from "../kinds.ts";
import { controllerOf } from "../owners.ts";
import type { WorkQueue } from "../queue.ts";

/** Wakes a workload when one of its pods changes; `claimants` names those that may adopt a pod nobody owns. */
export function watchPodsOf(
  { store }: ControlPlane,
  kind: string,
  queue: WorkQueue,
  claimants: (orphan: Pod) => readonly string[] = () => [],
): Stop {
  const wake = (pod: Pod) => {
    const owner = controllerOf(pod);
    if (owner?.kind === kind) queue.add(`${pod.metadata.namespace}/${owner.name}`);
    return owner;
  };
  return store.subscribe<Pod>("pods", ({ type, object, old }) => {
    if (old && controllerOf(old)?.uid !== controllerOf(object)?.uid) wake(old);
    if (!wake(object) && type !== "DELETED") for (const key of claimants(object)) queue.add(key);
  });
}
