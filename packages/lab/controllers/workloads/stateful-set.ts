import { selects } from "../../label-selector.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Pod, StatefulSet } from "../kinds.ts";
import { identity, keyOf, splitKey } from "../object-key.ts";
import { isActive, isFinished, isTerminating, untilAvailableMs } from "../pod-state.ts";
import { type WorkQueue, workQueue } from "../queue.ts";
import { claimPods } from "./claim-pods.ts";
import { dropRevisions, recordRevision, templateOf } from "./revisions.ts";
import { ordinalOf, statefulPod, volumeClaims } from "./stateful-pod.ts";
import { revisionOf, statefulSetStatus } from "./stateful-set-status.ts";
import { watchPodsOf } from "./watch-pods-of.ts";

const manager = "statefulset-controller";

/** Keeps numbered pods with names of their own, one after another. */
export function startStatefulSets(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue(plane, (key) => {
    const set = store.get<StatefulSet>("apps/statefulsets", ...splitKey(key));
    if (set && !isDeleted(set)) syncStatefulSet(plane, set, queue);
  });
  return stopAll([
    store.subscribe<StatefulSet>("apps/statefulsets", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    watchPodsOf(plane, "StatefulSet", queue, (pod) =>
      store
        .list<StatefulSet>("apps/statefulsets", identity(pod).namespace)
        .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
        .map(keyOf),
    ),
    queue.stop,
  ]);
}

function isDeleted({ metadata }: StatefulSet): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** What one round works on. */
interface Round {
  readonly plane: ControlPlane;
  readonly set: StatefulSet;
  readonly current: string;
  readonly update: string;
  /** By ordinal; those of the wanted range that are there. */
  readonly pods: ReadonlyMap<number, Pod>;
  readonly wanted: readonly number[];
}

function syncStatefulSet(plane: ControlPlane, set: StatefulSet, queue: WorkQueue): void {
  const hash = recordRevision(plane, set, manager);
  const update = `${set.metadata.name}-${hash}`;
  const current = set.status?.currentRevision || update;
  const start = set.spec.ordinals?.start ?? 0;
  const wanted = Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => start + index);
  const own = claimPods(plane, set, set.spec.selector);
  const pods = new Map(own.map((pod) => [ordinalOf(set, pod), pod] as const).filter(([ordinal]) => ordinal >= 0));
  const round: Round = { plane, set, current, update, pods, wanted };
  if (grow(round) && shrink(round)) replaceOld(round);
  const after = plane.pods.ownedBy(identity(set).uid).filter((pod) => ordinalOf(set, pod) >= 0);
  statefulSetStatus(plane, set, { current, update }, after);
  const inUse = [current, update, ...after.map(revisionOf)].map((name) => name.slice(set.metadata.name.length + 1));
  dropRevisions(plane, set, new Set(inUse));
  const waits = after.map((pod) => untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, plane.clock.now()) ?? 0);
  const waiting = waits.filter((wait) => wait > 0);
  if (waiting.length) queue.add(keyOf(set), Math.min(...waiting));
}

const isParallel = ({ set }: Round) => set.spec.podManagementPolicy === "Parallel";

function isAvailable({ plane, set }: Round, pod: Pod | undefined): boolean {
  if (!pod || isTerminating(pod)) return false;
  return untilAvailableMs(pod, set.spec.minReadySeconds ?? 0, plane.clock.now()) === 0;
}

/** Makes missing pods from the lowest on; false while an ordered set waits for one of them. */
function grow(round: Round): boolean {
  const { plane, set, pods, wanted } = round;
  for (const ordinal of wanted) {
    const pod = pods.get(ordinal);
    if (pod && isFinished(pod) && !isTerminating(pod)) drop(plane, pod);
    if (!pod) make(round, ordinal);
    if (!isParallel(round) && !isAvailable(round, pod)) return false;
  }
  return (
    isParallel(round) || wanted.every((ordinal) => isAvailable(round, pods.get(ordinal))) || set.spec.replicas === 0
  );
}

/** Takes away pods beyond the wanted range, the highest first; false while an ordered set waits for one to go. */
function shrink(round: Round): boolean {
  const { plane, pods, wanted } = round;
  const surplus = [...pods.keys()].filter((ordinal) => !wanted.includes(ordinal)).sort((a, b) => b - a);
  for (const ordinal of surplus) {
    const pod = pods.get(ordinal);
    if (pod && isActive(pod)) drop(plane, pod);
    if (!isParallel(round)) return false;
  }
  return true;
}

/** Rolling update: from the highest ordinal down to the partition, one at a time, each awaited. */
function replaceOld(round: Round): void {
  const { plane, set, update, pods, wanted } = round;
  if (set.spec.updateStrategy?.type === "OnDelete") return;
  const movable = wanted.filter((ordinal) => !isHeldBack(set, ordinal)).reverse();
  const first = movable.find((ordinal) => {
    const pod = pods.get(ordinal);
    return !pod || revisionOf(pod) !== update || !isAvailable(round, pod);
  });
  const pod = first === undefined ? undefined : pods.get(first);
  if (pod && !isTerminating(pod) && revisionOf(pod) !== update) drop(plane, pod);
}

/** Below the partition of a rolling update. */
function isHeldBack({ spec }: StatefulSet, ordinal: number): boolean {
  return ordinal - (spec.ordinals?.start ?? 0) < (spec.updateStrategy?.rollingUpdate?.partition ?? 0);
}

function drop({ store }: ControlPlane, pod: Pod): void {
  const { namespace, name, uid } = identity(pod);
  store.delete("pods", namespace, name, { uid });
}

/** Below the partition a pod comes back as it was. */
function make({ plane, set, current, update }: Round, ordinal: number): void {
  const { namespace, name } = identity(set);
  for (const claim of volumeClaims(set, ordinal)) {
    if (plane.store.get("persistentvolumeclaims", namespace, claim.metadata.name)) continue;
    plane.store.create("persistentvolumeclaims", claim, { manager });
  }
  const older = isHeldBack(set, ordinal) ? templateOf(plane, set, current.slice(name.length + 1)) : undefined;
  const pod = statefulPod(set, older ?? set.spec.template, { ordinal, revision: older ? current : update });
  plane.store.create("pods", pod, { manager });
}
