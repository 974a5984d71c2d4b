import { selects } from "../label-selector.ts";
import type { StoreEvent } from "../objects.ts";
import { withCondition } from "./conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import type { Condition, Pod, PodDisruptionBudget, ReplicaSet } from "./kinds.ts";
import { identity, keyOf, splitKey } from "./object-key.ts";
import { isReady, isTerminating } from "./pod-state.ts";
import { type WorkQueue, workQueue } from "./queue.ts";
import { timestamp } from "./timestamp.ts";
import { expectation } from "./workloads/expected-pods.ts";

/** Lab milliseconds by which a budget's status lags behind its pods. */
const latencyMs = [20, 150] as const;
/** Upstream: an evicted pod that is not seen terminating after this is counted again. */
const disruptionTimeoutMs = 120_000;
const resource = "policy/poddisruptionbudgets";

/** Keeps the status by which the eviction subresource decides. */
export function startDisruptionBudgets(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue({ ...plane, latencyMs }, (key) => {
    const budget = store.get<PodDisruptionBudget>(resource, ...splitKey(key));
    if (budget && !budget.metadata.deletionTimestamp) syncBudget(plane, budget, queue);
  });
  const wakeAll = (namespace: string) => {
    for (const budget of store.list<PodDisruptionBudget>(resource, namespace)) queue.add(keyOf(budget));
  };
  const scaled = ({ object, old }: StoreEvent<ReplicaSet>) => {
    if (object.spec.replicas !== old?.spec.replicas) wakeAll(identity(object).namespace);
  };
  return stopAll([
    store.subscribe<PodDisruptionBudget>(resource, ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    store.subscribe<Pod>("pods", ({ object, old }) => {
      for (const budget of store.list<PodDisruptionBudget>(resource, identity(object).namespace)) {
        const counts = (pod: Pod | null) => pod && selects(budget.spec.selector, pod.metadata.labels);
        if (counts(object) || counts(old)) queue.add(keyOf(budget));
      }
    }),
    store.subscribe("apps/deployments", scaled),
    store.subscribe("apps/statefulsets", scaled),
    store.subscribe("apps/replicasets", scaled),
    queue.stop,
  ]);
}

function syncBudget(plane: ControlPlane, budget: PodDisruptionBudget, queue: WorkQueue): void {
  const { namespace, name } = identity(budget);
  const pods = budget.spec.selector ? plane.pods.selected(namespace, budget.spec.selector) : [];
  const nowMs = plane.clock.now();
  const disrupted = stillDisrupted(budget, pods, nowMs);
  const counted = count(plane, budget, pods, disrupted);
  const observedGeneration = budget.metadata.generation ?? 1;
  const edit = (copy: PodDisruptionBudget) => {
    const condition = { ...counted.condition, observedGeneration };
    copy.status = {
      ...(Object.keys(disrupted).length ? { disruptedPods: disrupted } : {}),
      observedGeneration,
      ...counted.numbers,
      conditions: withCondition(copy.status?.conditions, condition, timestamp(plane.clock)),
    };
  };
  plane.store.change<PodDisruptionBudget>(resource, namespace, name, edit, {
    manager: "disruption-controller",
    subresource: "status",
  });
  const deadlines = Object.values(disrupted).map((since) => Date.parse(since) + disruptionTimeoutMs - nowMs);
  if (deadlines.length) queue.add(keyOf(budget), Math.max(1, Math.min(...deadlines)));
}

type Numbers = "currentHealthy" | "desiredHealthy" | "expectedPods" | "disruptionsAllowed";

interface Count {
  readonly numbers: Readonly<Record<Numbers, number>>;
  readonly condition: Condition;
}

/** What cannot be counted allows no disruption and keeps the numbers it had. */
function count(
  plane: ControlPlane,
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  disrupted: Readonly<Record<string, string>>,
): Count {
  const healthy = pods.filter((pod) => isReady(pod) && !isTerminating(pod) && !disrupted[pod.metadata.name]);
  const currentHealthy = healthy.length;
  const found = expectation(plane, budget, pods);
  if (!found.ok) {
    const { expectedPods = 0, desiredHealthy = 0 } = budget.status ?? {};
    return {
      numbers: { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed: 0 },
      condition: syncFailed(found.why),
    };
  }
  const { expected: expectedPods, desired: desiredHealthy } = found;
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  return {
    numbers: { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed },
    condition: allowance(disruptionsAllowed),
  };
}

/** Approved evictions whose pod is still there and not yet terminating, for at most two minutes. */
function stillDisrupted({ status }: PodDisruptionBudget, pods: readonly Pod[], nowMs: number): Record<string, string> {
  const staying = new Set(pods.filter((pod) => !isTerminating(pod)).map(({ metadata }) => metadata.name));
  const entries = Object.entries(status?.disruptedPods ?? {});
  return Object.fromEntries(
    entries.filter(([pod, since]) => staying.has(pod) && Date.parse(since) + disruptionTimeoutMs > nowMs),
  );
}

/** The DisruptionAllowed condition of a budget that was counted. */
export function allowance(disruptionsAllowed: number): Condition {
  return disruptionsAllowed > 0
    ? { type: "DisruptionAllowed", status: "True", reason: "SufficientPods", message: "" }
    : { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods", message: "" };
}

function syncFailed(message: string): Condition {
  return { type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message };
}
