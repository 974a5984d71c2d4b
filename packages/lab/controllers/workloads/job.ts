import type { KubeObject } from "../../objects.ts";
import { findCondition, withCondition } from "../conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Condition, Job, Pod } from "../kinds.ts";
import { identity, keyOf, splitKey } from "../object-key.ts";
import { isActive, isReady, isTerminating } from "../pod-state.ts";
import { type WorkQueue, workQueue } from "../queue.ts";
import { timestamp } from "../timestamp.ts";
import { watchPodsOf } from "./watch-pods-of.ts";
import { workloadPod } from "./workload-pod.ts";

const manager = "job-controller";

interface Tally {
  readonly active: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
}

interface Jobs extends ControlPlane {
  readonly queue: WorkQueue;
  /** Pods of each job that failed; upstream keeps them by a finalizer until they are counted. */
  readonly failed: Map<string, Set<string>>;
}

/**
 * Runs pods to their end. Indexed completion and CronJobs are not in the lab; of pod failure policies only that a
 * disruption is ignored.
 */
export function startJobs(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue: WorkQueue = workQueue(plane, (key) => {
    const job = store.get<Job>("batch/jobs", ...splitKey(key));
    if (job && !job.metadata.deletionTimestamp) syncJob(jobs, job);
  });
  const jobs: Jobs = { ...plane, queue, failed: new Map() };
  return stopAll([
    store.subscribe<Job>("batch/jobs", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    store.subscribe("batch/cronjobs", ({ type, object }) => {
      if (type === "ADDED")
        warn(plane, object, "This embedded cluster runs no CronJobs: create a Job from it by hand.");
    }),
    watchPodsOf(plane, "Job", queue),
    queue.stop,
  ]);
}

function syncJob(plane: Jobs, job: Job): void {
  const { queue } = plane;
  const end = ["Complete", "Failed"]
    .map((type) => findCondition(job.status?.conditions, type))
    .find((c) => c?.status === "True");
  if (end) {
    expire(plane, job, end);
    return;
  }
  if (!job.status?.startTime && job.spec.completionMode === "Indexed") {
    warn(plane, job, "Pods of this embedded cluster's Jobs get no completion index: Indexed counts as NonIndexed.");
  }
  const now = tally(plane, job);
  const ending = jobCondition(plane, job, now);
  if (ending || job.spec.suspend) for (const pod of now.active) drop(plane, pod);
  else grow(plane, job, now);
  writeStatus(plane, job, ending);
  const { activeDeadlineSeconds } = job.spec;
  if (!ending && activeDeadlineSeconds !== undefined) queue.add(keyOf(job), activeDeadlineSeconds * 1000 + 1);
}

function warn({ events }: ControlPlane, about: KubeObject, message: string): void {
  events.record(about, { type: "Warning", reason: "NotSupported", message, source: manager });
}

function tally({ pods, failed }: Jobs, job: Job): Tally {
  const { uid } = identity(job);
  const own = pods.ownedBy(uid);
  const counted = failed.get(uid) ?? new Set();
  failed.set(uid, counted);
  for (const pod of own) if (hasFailed(pod) && !isIgnored(pod, job)) counted.add(identity(pod).uid);
  const succeeded = own.filter((pod) => pod.status?.phase === "Succeeded").length;
  return { active: own.filter(isActive), succeeded, failed: counted.size };
}

/** As upstream's isPodFailed: a pod that is deleted before its end counts against the backoff limit. */
const hasFailed = (pod: Pod): boolean =>
  pod.status?.phase === "Failed" || (isTerminating(pod) && pod.status?.phase !== "Succeeded");

function isIgnored({ status }: Pod, { spec }: Job): boolean {
  const disrupted = findCondition(status?.conditions, "DisruptionTarget")?.status === "True";
  const rules = spec.podFailurePolicy?.rules ?? [];
  const ignores = rules.some(
    ({ action, onPodConditions = [] }) =>
      action === "Ignore" && onPodConditions.some(({ type }) => type === "DisruptionTarget"),
  );
  return disrupted && ignores;
}

/** How the job ends now, or null. */
function jobCondition({ clock }: ControlPlane, { spec, status }: Job, { succeeded, failed }: Tally): Condition | null {
  const fail = (reason: string, message: string): Condition => ({ type: "Failed", status: "True", reason, message });
  if (succeeded >= (spec.completions ?? 1)) {
    return {
      type: "Complete",
      status: "True",
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    };
  }
  if (failed > (spec.backoffLimit ?? 6)) {
    return fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  }
  const startedMs = Date.parse(status?.startTime ?? "");
  const limitMs = (spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return clock.now() - startedMs >= limitMs
    ? fail("DeadlineExceeded", "Job was active longer than specified deadline")
    : null;
}

function grow({ store }: ControlPlane, job: Job, { active, succeeded }: Tally): void {
  const { name, uid } = identity(job);
  const missing = Math.min(job.spec.parallelism ?? 1, (job.spec.completions ?? 1) - succeeded) - active.length;
  for (let made = 0; made < missing; made += 1) {
    const pod = workloadPod(job, job.spec.template);
    pod.metadata.labels = {
      ...pod.metadata.labels,
      "batch.kubernetes.io/job-name": name,
      "batch.kubernetes.io/controller-uid": uid,
      "job-name": name,
      "controller-uid": uid,
    };
    store.create("pods", pod, { manager });
  }
}

function drop({ store }: ControlPlane, pod: Pod): void {
  const { namespace, name, uid } = identity(pod);
  store.delete("pods", namespace, name, { uid });
}

function writeStatus(plane: Jobs, job: Job, ending: Condition | null): void {
  const { namespace, name } = identity(job);
  const { active, succeeded, failed } = tally(plane, job);
  const now = timestamp(plane.clock);
  const edit = (copy: Job) => {
    const before = copy.status ?? {};
    copy.status = {
      ...before,
      startTime: before.startTime ?? now,
      active: active.length,
      ready: active.filter(isReady).length,
      succeeded,
      failed,
      ...(ending ? { conditions: withCondition(before.conditions, ending, now) } : {}),
      ...(ending?.type === "Complete" ? { completionTime: now } : {}),
    };
  };
  plane.store.change<Job>("batch/jobs", namespace, name, edit, { manager, subresource: "status" });
}

function expire({ store, clock, queue }: Jobs, job: Job, end: Condition): void {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return;
  const leftMs = Date.parse(end.lastTransitionTime ?? "") + ttlSecondsAfterFinished * 1000 - clock.now();
  const { namespace, name, uid } = identity(job);
  if (leftMs > 0) queue.add(keyOf(job), leftMs);
  else store.delete("batch/jobs", namespace, name, { uid, propagation: "Background" });
}
