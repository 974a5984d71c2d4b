import { selects } from "../../label-selector.ts";
import { ApiError } from "../../store/api-error.ts";
import { withCondition } from "../conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Pod, ReplicaSet } from "../kinds.ts";
import { keyOf, splitKey } from "../object-key.ts";
import { isActive, isReady, untilAvailableMs } from "../pod-state.ts";
import { type WorkQueue, workQueue } from "../queue.ts";
import { timestamp } from "../timestamp.ts";
import { claimPods } from "./claim-pods.ts";
import { podsToDelete } from "./pods-to-delete.ts";
import { watchPodsOf } from "./watch-pods-of.ts";
import { workloadPod } from "./workload-pod.ts";

/** Pods made or deleted in one go; upstream's burst. */
const burst = 500;

/** Keeps as many pods as a ReplicaSet wants. */
export function startReplicaSets(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue(plane, (key) => {
    const set = store.get<ReplicaSet>("apps/replicasets", ...splitKey(key));
    if (set) syncReplicaSet(plane, set, queue);
  });
  return stopAll([
    store.subscribe<ReplicaSet>("apps/replicasets", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    watchPodsOf(plane, "ReplicaSet", queue, (pod) =>
      store
        .list<ReplicaSet>("apps/replicasets", pod.metadata.namespace ?? "")
        .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
        .map(keyOf),
    ),
    queue.stop,
  ]);
}

function syncReplicaSet(plane: ControlPlane, set: ReplicaSet, queue: WorkQueue): void {
  const active = claimPods(plane, set, set.spec.selector).filter(isActive);
  let failure: ApiError | null = null;
  if (!set.metadata.deletionTimestamp) failure = scale(plane, set, active);
  writeStatus(plane, set, failure, queue);
  if (failure) throw failure;
}

/** Returns the refusal that stopped it, for the ReplicaFailure condition. */
function scale(plane: ControlPlane, set: ReplicaSet, active: readonly Pod[]): ApiError | null {
  const missing = (set.spec.replicas ?? 1) - active.length;
  const { namespace = "" } = set.metadata;
  for (const { metadata } of podsToDelete(active, Math.min(burst, -missing))) {
    plane.store.delete("pods", namespace, metadata.name, { uid: metadata.uid ?? "" });
  }
  try {
    for (let made = 0; made < Math.min(burst, missing); made += 1) {
      plane.store.create("pods", workloadPod(set, set.spec.template), { manager: "replicaset-controller" });
    }
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `Error creating: ${error.message}`;
    plane.events.record(set, { type: "Warning", reason: "FailedCreate", message, source: "replicaset-controller" });
    return error;
  }
}

function writeStatus(plane: ControlPlane, set: ReplicaSet, failure: ApiError | null, queue: WorkQueue): void {
  const { store, clock, pods } = plane;
  const { metadata, spec } = set;
  const active = pods.ownedBy(metadata.uid ?? "").filter(isActive);
  const waits = active.map((pod) => untilAvailableMs(pod, spec.minReadySeconds ?? 0, clock.now()));
  const templateLabels = { matchLabels: spec.template.metadata?.labels ?? {} };
  store.change<ReplicaSet>(
    "apps/replicasets",
    metadata.namespace ?? "",
    metadata.name,
    (copy) => {
      const others = (copy.status?.conditions ?? []).filter(({ type }) => type !== "ReplicaFailure");
      const conditions = failure ? withCondition(copy.status?.conditions, failed(failure), timestamp(clock)) : others;
      copy.status = {
        replicas: active.length,
        fullyLabeledReplicas: active.filter((pod) => selects(templateLabels, pod.metadata.labels)).length,
        readyReplicas: active.filter(isReady).length,
        availableReplicas: waits.filter((wait) => wait === 0).length,
        observedGeneration: set.metadata.generation ?? 1,
        ...(conditions.length ? { conditions } : {}),
      };
    },
    { manager: "replicaset-controller", subresource: "status" },
  );
  const waiting = waits.filter((wait): wait is number => Boolean(wait));
  if (waiting.length) queue.add(keyOf(set), Math.min(...waiting));
}

function failed({ message }: ApiError) {
  return { type: "ReplicaFailure", status: "True" as const, reason: "FailedCreate", message };
}
