import type { ControlPlane } from "../control-plane.ts";
import type { DaemonSet, Pod } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { isReady, isTerminating, untilAvailableMs } from "../pod-state.ts";
import type { DaemonNode } from "./daemon-set.ts";
import { isOf } from "./daemon-update.ts";

/** Writes the counters that `kubectl rollout status` and the drain's readers look at. */
export function daemonSetStatus(
  { store, clock }: ControlPlane,
  set: DaemonSet,
  nodes: readonly DaemonNode[],
  hash: string,
): void {
  const { namespace, name } = identity(set);
  const wanted = nodes.filter(({ run }) => run);
  const placed = wanted.filter(({ pods }) => pods.length > 0);
  const countIf = (test: (pod: Pod) => boolean) =>
    placed.filter(({ pods }) => pods.some((pod) => !isTerminating(pod) && test(pod))).length;
  const available = countIf((pod) => untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0);
  const edit = (copy: DaemonSet) => {
    copy.status = {
      currentNumberScheduled: placed.length,
      desiredNumberScheduled: wanted.length,
      numberMisscheduled: nodes.filter(({ run, pods }) => !run && pods.length > 0).length,
      numberReady: countIf(isReady),
      observedGeneration: set.metadata.generation ?? 1,
      updatedNumberScheduled: countIf((pod) => isOf(pod, hash)),
      numberAvailable: available,
      numberUnavailable: wanted.length - available,
    };
  };
  store.change<DaemonSet>("apps/daemonsets", namespace, name, edit, {
    manager: "daemon-set-controller",
    subresource: "status",
  });
}
