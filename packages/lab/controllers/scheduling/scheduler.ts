import type { StoreEvent } from "../../objects.ts";
import { findCondition, withCondition } from "../conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Condition, Node, Pod } from "../kinds.ts";
import { findNode } from "../nodes/find-node.ts";
import { keyOf, splitKey } from "../object-key.ts";
import { isActive, isFinished } from "../pod-state.ts";
import { workQueue } from "../queue.ts";
import { timestamp } from "../timestamp.ts";
import { unschedulableMessage } from "./node-fit.ts";
import { type NodeLoads, watchNodeLoads } from "./node-load.ts";

/** Lab milliseconds from a pod's creation to its binding. */
const latencyMs = [2, 30] as const;
/** Upstream's back-off of a pod that found no node. */
const [firstBackoffMs, lastBackoffMs] = [1000, 10_000];

interface Waiting {
  readonly attempts: number;
  readonly lastMs: number;
}

/** Gives pods their node. Pods that come with one are the kubelet's own business. */
export function startScheduler(plane: ControlPlane): Stop {
  const { store, clock } = plane;
  const loads = watchNodeLoads(store);
  const waiting = new Map<string, Waiting>();
  const forget = (key: string) => {
    waiting.delete(key);
  };
  const queue = workQueue({ ...plane, latencyMs }, (key) => {
    const pod = store.get<Pod>("pods", ...splitKey(key));
    if (!pod || !isPending(pod)) return forget(key);
    if (schedule(plane, loads, pod)) return forget(key);
    waiting.set(key, { attempts: (waiting.get(key)?.attempts ?? 0) + 1, lastMs: clock.now() });
  });
  const retry = () => {
    for (const [key, { attempts, lastMs }] of waiting) {
      const backoffMs = Math.min(lastBackoffMs, firstBackoffMs * 2 ** (attempts - 1));
      queue.add(key, Math.max(latencyMs[0], lastMs + backoffMs - clock.now()));
    }
  };
  return stopAll([
    loads.stop,
    store.subscribe<Pod>("pods", (event) => {
      const key = keyOf(event.object);
      if (asksForNode(event)) queue.add(key);
      if (frees(event)) retry();
      if (event.type === "DELETED") forget(key);
    }),
    store.subscribe<Node>("nodes", ({ type, object, old }) => {
      if (type !== "MODIFIED" || !old || differsForPods(object, old)) retry();
    }),
    queue.stop,
  ]);
}

function isPending(pod: Pod): boolean {
  const { nodeName, schedulerName = "default-scheduler", schedulingGates } = pod.spec;
  return !nodeName && isActive(pod) && schedulerName === "default-scheduler" && !schedulingGates?.length;
}

function asksForNode({ type, object, old }: StoreEvent<Pod>): boolean {
  return type !== "DELETED" && isPending(object) && (old === null || !isPending(old));
}

/** Something on a node is free again. */
function frees({ type, object, old }: StoreEvent<Pod>): boolean {
  return type === "DELETED" || (old !== null && isFinished(object) && !isFinished(old));
}

/** Heartbeats are no reason to look again. */
function differsForPods(node: Node, old: Node): boolean {
  const facts = ({ metadata, spec, status }: Node) =>
    JSON.stringify([metadata.labels, spec?.taints, spec?.unschedulable, status?.allocatable]);
  return facts(node) !== facts(old);
}

/** Binds the pod or says why not. */
function schedule(plane: ControlPlane, loads: NodeLoads, pod: Pod): boolean {
  const { best, reasons } = findNode(plane, loads, pod);
  if (best) {
    bind(plane, pod, best);
    return true;
  }
  const message = unschedulableMessage(reasons);
  writeScheduled(plane, pod, { type: "PodScheduled", status: "False", reason: "Unschedulable", message });
  plane.events.record(pod, { type: "Warning", reason: "FailedScheduling", message, source: "default-scheduler" });
  return false;
}

function bind(plane: ControlPlane, pod: Pod, node: string): void {
  const { namespace = "", name, uid } = pod.metadata;
  const edit = (copy: Pod) => {
    if (copy.metadata.uid === uid && !copy.spec.nodeName) copy.spec.nodeName = node;
  };
  plane.store.change<Pod>("pods", namespace, name, edit, { manager: "kube-scheduler" });
  writeScheduled(plane, pod, { type: "PodScheduled", status: "True" });
  const message = `Successfully assigned ${namespace}/${name} to ${node}`;
  plane.events.record(pod, { type: "Normal", reason: "Scheduled", message, source: "default-scheduler" });
}

function writeScheduled({ store, clock }: ControlPlane, pod: Pod, condition: Condition): void {
  const { namespace = "", name } = pod.metadata;
  const edit = (copy: Pod) => {
    const before = findCondition(copy.status?.conditions, "PodScheduled");
    if (before?.status === condition.status && before.message === condition.message) return;
    const conditions = withCondition(copy.status?.conditions, condition, timestamp(clock));
    copy.status = { phase: "Pending", ...copy.status, conditions };
  };
  store.change<Pod>("pods", namespace, name, edit, { manager: "kube-scheduler", subresource: "status" });
}
