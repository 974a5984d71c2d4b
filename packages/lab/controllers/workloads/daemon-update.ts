import type { ControlPlane } from "../control-plane.ts";
import type { DaemonSet, Pod } from "../kinds.ts";
import { isActive, isTerminating, untilAvailableMs } from "../pod-state.ts";
import type { DaemonNode } from "./daemon-set.ts";
import { scaledValue } from "./int-or-percent.ts";

/**
 * The old pods that a rolling update may delete now: all that are not available anyway, and as many available ones as
 * maxUnavailable leaves. OnDelete leaves that to others. The lab does not surge: maxSurge counts as maxUnavailable.
 */
export function daemonsToReplace(
  { clock }: ControlPlane,
  set: DaemonSet,
  nodes: readonly DaemonNode[],
  hash: string,
): readonly Pod[] {
  if (set.spec.updateStrategy?.type === "OnDelete") return [];
  const wanted = nodes.filter(({ run }) => run);
  const isAvailable = (pod: Pod) =>
    !isTerminating(pod) && untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, clock.now()) === 0;
  const old = wanted.flatMap(({ pods }) => pods.filter((pod) => isActive(pod) && !isOf(pod, hash)));
  const down = wanted.filter(({ pods }) => !pods.some(isAvailable)).length;
  const room = Math.max(0, limit(set, wanted.length) - down);
  return [...old.filter((pod) => !isAvailable(pod)), ...old.filter(isAvailable).slice(0, room)];
}

/** Whether the pod was made from the newest template. */
export function isOf({ metadata }: Pod, hash: string): boolean {
  return metadata.labels?.["controller-revision-hash"] === hash;
}

function limit({ spec }: DaemonSet, nodes: number): number {
  const { maxUnavailable = 1, maxSurge = 0 } = spec.updateStrategy?.rollingUpdate ?? {};
  const own = scaledValue(maxUnavailable, nodes, "up");
  return own || scaledValue(maxSurge, nodes, "up") || 1;
}
