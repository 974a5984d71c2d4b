import { selects } from "../../label-selector.ts";
import { ApiError } from "../../store/api-error.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { DaemonSet, Node, Pod } from "../kinds.ts";
import { identity, keyOf, splitKey } from "../object-key.ts";
import { isFinished, isTerminating, untilAvailableMs } from "../pod-state.ts";
import { type WorkQueue, workQueue } from "../queue.ts";
import { pinnedNode } from "../scheduling/node-affinity.ts";
import { claimPods } from "./claim-pods.ts";
import { daemonEligibility, daemonPod } from "./daemon-pod.ts";
import { daemonSetStatus } from "./daemon-set-status.ts";
import { daemonsToReplace } from "./daemon-update.ts";
import { dropRevisions, recordRevision } from "./revisions.ts";
import { watchPodsOf } from "./watch-pods-of.ts";

const manager = "daemon-set-controller";
/** A daemon pod that fails is made again after this, counted from its creation. */
const failedBackoffMs = 1000;

/** What a DaemonSet should have on each node, and what it has. */
export interface DaemonNode {
  readonly node: Node;
  readonly run: boolean;
  readonly stay: boolean;
  /** Oldest first; terminating ones too. */
  readonly pods: readonly Pod[];
}

/** Keeps one pod on every node that a DaemonSet wants. */
export function startDaemonSets(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue(plane, (key) => {
    const set = store.get<DaemonSet>("apps/daemonsets", ...splitKey(key));
    if (set && !set.metadata.deletionTimestamp) syncDaemonSet(plane, set, queue);
  });
  const all = () => {
    for (const set of store.list<DaemonSet>("apps/daemonsets")) queue.add(keyOf(set));
  };
  return stopAll([
    store.subscribe<DaemonSet>("apps/daemonsets", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    store.subscribe<Node>("nodes", ({ type, object, old }) => {
      if (type !== "MODIFIED" || placementOf(object) !== placementOf(old)) all();
    }),
    watchPodsOf(plane, "DaemonSet", queue, (pod) =>
      store
        .list<DaemonSet>("apps/daemonsets", identity(pod).namespace)
        .filter(({ spec }) => selects(spec.selector, pod.metadata.labels))
        .map(keyOf),
    ),
    queue.stop,
  ]);
}

/** What of a node decides where daemons run; heartbeats do not. */
function placementOf(node: Node | null): string {
  return JSON.stringify([node?.metadata.labels, node?.spec?.taints]);
}

function syncDaemonSet(plane: ControlPlane, set: DaemonSet, queue: WorkQueue): void {
  const hash = recordRevision(plane, set, manager);
  const before = survey(plane, set, claimPods(plane, set, set.spec.selector));
  if (place(plane, set, before, hash)) queue.add(keyOf(set), failedBackoffMs);
  const now = survey(plane, set, plane.pods.ownedBy(identity(set).uid));
  const old = daemonsToReplace(plane, set, now, hash);
  if (old.length) warnOfSurge(plane, set);
  for (const pod of old) drop(plane, pod);
  const after = survey(plane, set, plane.pods.ownedBy(identity(set).uid));
  daemonSetStatus(plane, set, after, hash);
  const pods = after.flatMap((node) => node.pods);
  dropRevisions(
    plane,
    set,
    new Set([hash, ...pods.map(({ metadata }) => metadata.labels?.["controller-revision-hash"] ?? "")]),
  );
  const { minReadySeconds = 0 } = set.spec;
  const waits = pods
    .map((pod) => untilAvailableMs(pod, minReadySeconds, plane.clock.now()) ?? 0)
    .filter((wait) => wait > 0);
  if (waits.length) queue.add(keyOf(set), Math.min(...waits));
}

function warnOfSurge({ events }: ControlPlane, set: DaemonSet): void {
  const { maxSurge = 0 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  if (Number.parseInt(String(maxSurge), 10) === 0) return;
  const message = "DaemonSets of this embedded cluster do not surge: maxSurge counts as maxUnavailable.";
  events.record(set, { type: "Warning", reason: "SurgeNotSupported", message, source: manager });
}

function survey({ store }: ControlPlane, set: DaemonSet, pods: readonly Pod[]): readonly DaemonNode[] {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = pod.spec.nodeName || pinnedNode(pod.spec) || "";
    byNode.set(node, [...(byNode.get(node) ?? []), pod]);
  }
  return store.list<Node>("nodes").map((node) => ({
    node,
    ...daemonEligibility(set, node),
    pods: (byNode.get(node.metadata.name) ?? []).sort(oldestFirst),
  }));
}

/** Makes what is missing, deletes what is too much or failed; true when a pod failed too young to be made again yet. */
function place(plane: ControlPlane, set: DaemonSet, nodes: readonly DaemonNode[], hash: string): boolean {
  let again = false;
  for (const { node, run, stay, pods } of nodes) {
    const present = pods.filter((pod) => !isTerminating(pod));
    const failed = present.filter(isFinished);
    const isOld = (pod: Pod) => plane.clock.now() - createdMs(pod) >= failedBackoffMs;
    const surplus = present.filter((pod) => !isFinished(pod)).slice(1);
    for (const pod of stay ? [...failed.filter(isOld), ...surplus] : present) drop(plane, pod);
    again ||= stay && !failed.every(isOld);
    if (run && pods.length === 0) again = !made(plane, set, daemonPod(set, node.metadata.name, hash)) || again;
  }
  return again;
}

/** False when something before the store refused it, as a quota does; told as the controller tells it. */
function made({ store, events }: ControlPlane, set: DaemonSet, pod: ReturnType<typeof daemonPod>): boolean {
  try {
    store.create("pods", pod, { manager });
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    events.record(set, {
      type: "Warning",
      reason: "FailedCreate",
      message: `Error creating: ${error.message}`,
      source: manager,
    });
    return false;
  }
}

function drop({ store }: ControlPlane, pod: Pod): void {
  const { namespace, name, uid } = identity(pod);
  store.delete("pods", namespace, name, { uid });
}

function oldestFirst(a: Pod, b: Pod): number {
  return createdMs(a) - createdMs(b);
}

function createdMs({ metadata }: Pod): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}
