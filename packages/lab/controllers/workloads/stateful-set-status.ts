import type { ControlPlane } from "../control-plane.ts";
import type { Pod, StatefulSet } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { isActive, isReady, isTerminating, untilAvailableMs } from "../pod-state.ts";

/** The name of the ControllerRevision that a pod was made from. */
export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.["controller-revision-hash"] ?? "";
}

/** Writes counters and revisions; the update revision becomes current when every pod has it and is ready. */
export function statefulSetStatus(
  { store, clock }: ControlPlane,
  set: StatefulSet,
  { current, update }: { readonly current: string; readonly update: string },
  pods: readonly Pod[],
): void {
  const { namespace, name } = identity(set);
  const running = pods.filter((pod) => !isTerminating(pod));
  const of = (revision: string) => running.filter((pod) => isActive(pod) && revisionOf(pod) === revision).length;
  const ready = running.filter(isReady);
  const available = ready.filter((pod) => untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0);
  const goal = set.spec.replicas ?? 1;
  const isDone = of(update) === goal && ready.length === goal && pods.length === goal;
  const edit = (copy: StatefulSet) => {
    copy.status = {
      observedGeneration: set.metadata.generation ?? 1,
      replicas: pods.length,
      readyReplicas: ready.length,
      availableReplicas: available.length,
      currentReplicas: of(isDone ? update : current),
      updatedReplicas: of(update),
      currentRevision: isDone ? update : current,
      updateRevision: update,
      collisionCount: 0,
    };
  };
  store.change<StatefulSet>("apps/statefulsets", namespace, name, edit, {
    manager: "statefulset-controller",
    subresource: "status",
  });
}
