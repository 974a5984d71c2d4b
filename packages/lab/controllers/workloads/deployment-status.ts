import { findCondition, withCondition } from "../conditions.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Condition, Deployment, ReplicaSet } from "../kinds.ts";
import { timestamp } from "../timestamp.ts";
import { leeway, wanted } from "./deployment-sets.ts";

type Counter = "replicas" | "readyReplicas" | "availableReplicas";

interface Counts {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

/** Writes counters and conditions; returns the milliseconds until the progress deadline has to be looked at, or null. */
export function deploymentStatus(
  plane: ControlPlane,
  deployment: Deployment,
  freshName: string | null,
  sets: readonly ReplicaSet[],
): number | null {
  const { store, clock } = plane;
  const { namespace = "", name } = deployment.metadata;
  const fresh = sets.find(({ metadata }) => metadata.name === freshName);
  const counts = count(fresh, sets);
  let recheckMs: number | null = null;
  store.change<Deployment>(
    "apps/deployments",
    namespace,
    name,
    (copy) => {
      const before = copy.status ?? {};
      const progress = progressing(plane, copy, fresh, counts);
      recheckMs = progress.recheckMs;
      copy.status = {
        ...(before.collisionCount ? { collisionCount: before.collisionCount } : {}),
        observedGeneration: deployment.metadata.generation ?? 1,
        replicas: counts.replicas,
        updatedReplicas: counts.updated,
        readyReplicas: counts.ready,
        availableReplicas: counts.available,
        unavailableReplicas: Math.max(0, wanted(copy) - counts.available),
        conditions: withCondition(progress.conditions, availability(copy, counts), timestamp(clock)),
      };
    },
    { manager: "deployment-controller", subresource: "status" },
  );
  return recheckMs;
}

function count(fresh: ReplicaSet | undefined, sets: readonly ReplicaSet[]): Counts {
  const sum = (field: Counter) => sets.reduce((all, { status }) => all + (status?.[field] ?? 0), 0);
  return {
    replicas: sum("replicas"),
    updated: fresh?.status?.replicas ?? 0,
    ready: sum("readyReplicas"),
    available: sum("availableReplicas"),
  };
}

function availability(deployment: Deployment, { available }: Counts): Condition {
  const enough = available >= wanted(deployment) - leeway(deployment).unavailable;
  return enough
    ? condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
    : condition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.");
}

interface Progress {
  readonly conditions: Condition[];
  readonly recheckMs: number | null;
}

/** The Progressing condition; its lastUpdateTime is the start of the deadline and moves with each sign of progress. */
function progressing(
  plane: ControlPlane,
  deployment: Deployment,
  fresh: ReplicaSet | undefined,
  counts: Counts,
): Progress {
  const now = timestamp(plane.clock);
  const conditions = deployment.status?.conditions ?? [];
  if (!fresh) return { conditions, recheckMs: null };
  const before = findCondition(conditions, "Progressing");
  const { progressDeadlineSeconds = 600 } = deployment.spec;
  const deadlineMs = progressDeadlineSeconds * 1000;
  const leftMs = updatedMs(before, plane.clock.now()) + deadlineMs - plane.clock.now();
  const next = nextProgress(deployment, { fresh, counts, before, leftMs });
  const written = next ? withCondition(conditions, { ...next, lastUpdateTime: now }, now) : conditions;
  const waitMs = next ? deadlineMs : leftMs;
  const isOpen = !isComplete(deployment, counts) && waitMs > 0;
  return { conditions: written, recheckMs: isOpen ? waitMs : null };
}

function updatedMs(progress: Condition | undefined, nowMs: number): number {
  return progress?.lastUpdateTime ? Date.parse(progress.lastUpdateTime) : nowMs;
}

interface Moment {
  readonly fresh: ReplicaSet;
  readonly counts: Counts;
  readonly before: Condition | undefined;
  readonly leftMs: number;
}

/** What Progressing becomes, or null where it stays. */
function nextProgress(deployment: Deployment, moment: Moment): Condition | null {
  const { fresh, counts, before, leftMs } = moment;
  const { name } = fresh.metadata;
  if (isComplete(deployment, counts)) return completed(moment);
  if (!before) return condition("Progressing", "True", "NewReplicaSetCreated", `Created new replica set "${name}"`);
  if (!isAbout(before, name) || moved(deployment, counts)) {
    return condition("Progressing", "True", "ReplicaSetUpdated", `ReplicaSet "${name}" is progressing.`);
  }
  if (leftMs > 0 || before.status === "False" || before.reason === "NewReplicaSetAvailable") return null;
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  return condition("Progressing", "False", "ProgressDeadlineExceeded", message);
}

function completed({ fresh, before }: Moment): Condition | null {
  const { name } = fresh.metadata;
  if (isAbout(before, name) && before?.reason === "NewReplicaSetAvailable") return null;
  return condition(
    "Progressing",
    "True",
    "NewReplicaSetAvailable",
    `ReplicaSet "${name}" has successfully progressed.`,
  );
}

function isAbout(progress: Condition | undefined, set: string): boolean {
  return progress?.message?.includes(`"${set}"`) ?? false;
}

function isComplete(deployment: Deployment, { updated, replicas, available }: Counts): boolean {
  const goal = wanted(deployment);
  return updated === goal && replicas === goal && available === goal;
}

/** More new or ready pods, or fewer old ones, than the status that was written last. */
function moved({ status = {} }: Deployment, { updated, replicas, ready, available }: Counts): boolean {
  const was = (field: string) => Number(status[field] ?? 0);
  const oldBefore = was("replicas") - was("updatedReplicas");
  return (
    updated > was("updatedReplicas") ||
    replicas - updated < oldBefore ||
    ready > was("readyReplicas") ||
    available > was("availableReplicas")
  );
}

function condition(type: string, status: "True" | "False", reason: string, message: string): Condition {
  return { type, status, reason, message };
}
