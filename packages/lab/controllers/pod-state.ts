import { findCondition } from "./conditions.ts";
import type { Pod } from "./kinds.ts";

/** Whether the Ready condition is True. */
export function isReady(pod: Pod): boolean {
  return findCondition(pod.status?.conditions, "Ready")?.status === "True";
}

/** Succeeded or Failed: it will never run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
}

/** Was told to stop. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Counts as a replica: neither finished nor told to stop. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isTerminating(pod);
}

/** Milliseconds until the pod has been Ready for minReadySeconds: 0 when it is available, null while it is not Ready. */
export function untilAvailableMs(pod: Pod, minReadySeconds: number, nowMs: number): number | null {
  if (!isReady(pod)) return null;
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(findCondition(pod.status?.conditions, "Ready")?.lastTransitionTime ?? "") || nowMs;
  return Math.max(0, since + minReadySeconds * 1000 - nowMs);
}
