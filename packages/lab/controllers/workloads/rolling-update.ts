import type { ControlPlane } from "../control-plane.ts";
import type { Deployment, ReplicaSet } from "../kinds.ts";
import { leeway, setReplicas, wanted } from "./deployment-sets.ts";

/** One round of a rolling update: grow the new set as far as the surge allows, then shrink the old as pods become available. */
export function rollOut(
  plane: ControlPlane,
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const goal = wanted(deployment);
  const before = size(fresh);
  const grown = newSize(goal, before, before + present(old), goal + leeway(deployment).surge);
  setReplicas(plane, deployment, fresh, grown);
  for (const [set, replicas] of oldSizes(deployment, { ...fresh, spec: { ...fresh.spec, replicas: grown } }, old)) {
    setReplicas(plane, deployment, set, replicas);
  }
}

/** How large the new set may be now. */
export function newSize(goal: number, now: number, all: number, limit: number): number {
  if (now >= goal) return goal;
  return Math.min(goal, now + Math.max(0, limit - all));
}

/** Which old sets shrink, and to what: their unhealthy pods first, then as many as minimum availability leaves. */
export function oldSizes(
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
): readonly (readonly [ReplicaSet, number])[] {
  const sizes = new Map(old.map((set) => [set, size(set)]));
  const take = (set: ReplicaSet, count: number) => sizes.set(set, (sizes.get(set) ?? 0) - count);
  const minAvailable = wanted(deployment) - leeway(deployment).unavailable;
  const newUnavailable = size(fresh) - (fresh.status?.availableReplicas ?? 0);
  let room = size(fresh) + total(old) - minAvailable - newUnavailable;
  const oldestFirst = [...old].sort((a, b) => createdMs(a) - createdMs(b));
  for (const set of oldestFirst) {
    const unhealthy = Math.min(Math.max(0, room), size(set) - (set.status?.availableReplicas ?? 0));
    if (unhealthy <= 0) continue;
    take(set, unhealthy);
    room -= unhealthy;
  }
  let spare = available(fresh) + old.reduce((sum, set) => sum + available(set), 0) - minAvailable;
  for (const set of oldestFirst) {
    const healthy = Math.min(Math.max(0, spare), sizes.get(set) ?? 0);
    if (healthy <= 0) continue;
    take(set, healthy);
    spare -= healthy;
  }
  return [...sizes].filter(([set, replicas]) => replicas !== size(set));
}

const size = ({ spec }: ReplicaSet) => spec.replicas ?? 1;
const total = (sets: readonly ReplicaSet[]) => sets.reduce((sum, set) => sum + size(set), 0);
/** A set that was told to shrink may not have done it yet. */
const present = (sets: readonly ReplicaSet[]) =>
  sets.reduce((sum, set) => sum + Math.max(size(set), set.status?.replicas ?? 0), 0);
const createdMs = ({ metadata }: ReplicaSet) => Date.parse(metadata.creationTimestamp ?? "");
/** Status may lag behind a set that was just made smaller. */
const available = (set: ReplicaSet) => Math.min(size(set), set.status?.availableReplicas ?? 0);
