import type { Pod } from "../kinds.ts";
import { isReady } from "../pod-state.ts";

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * Which pods a shrinking ReplicaSet gives up, in upstream's order: unassigned, pending, not ready, cheap by the
 * pod-deletion-cost annotation, crowded on their node, newest.
 */
export function podsToDelete(pods: readonly Pod[], count: number): readonly Pod[] {
  const crowd = new Map<string, number>();
  for (const { spec } of pods) crowd.set(spec.nodeName ?? "", (crowd.get(spec.nodeName ?? "") ?? 0) + 1);
  const rank = (pod: Pod) => [
    Number(Boolean(pod.spec.nodeName)),
    phases[pod.status?.phase ?? "Pending"] ?? 1,
    Number(isReady(pod)),
    deletionCost(pod),
    -(crowd.get(pod.spec.nodeName ?? "") ?? 0),
    -Date.parse(pod.metadata.creationTimestamp ?? ""),
  ];
  return pods
    .map((pod) => ({ pod, rank: rank(pod) }))
    .sort((a, b) => firstDifference(a.rank, b.rank))
    .slice(0, Math.max(0, count))
    .map(({ pod }) => pod);
}

function deletionCost({ metadata }: Pod): number {
  return Number(metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? 0);
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  for (const [place, value] of a.entries()) {
    const difference = value - (b[place] ?? 0);
    if (difference) return difference;
  }
  return 0;
}
