import { findCondition, withCondition } from "../conditions.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Node, Pod } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { workQueue } from "../queue.ts";
import { timestamp } from "../timestamp.ts";
import { retainted } from "./node-conditions.ts";

const manager = "node-controller";

/** Turns a node's conditions and cordon into taints, and tells its pods' services when it is no longer ready. */
export function startNodeTaints(plane: ControlPlane): Stop {
  const { store } = plane;
  const queue = workQueue(plane, (name) => {
    const node = store.get<Node>("nodes", null, name);
    const taints = node && retainted(node, timestamp(plane.clock));
    if (!taints) return;
    const edit = (copy: Node) => {
      copy.spec = { ...copy.spec, taints };
      if (!taints.length) delete copy.spec.taints;
    };
    store.change<Node>("nodes", null, name, edit, { manager });
  });
  return stopAll([
    store.subscribe<Node>("nodes", ({ type, object, old }) => {
      if (type === "DELETED") return;
      queue.add(object.metadata.name);
      if (old && isReady(old) && !isReady(object)) markPods(plane, object);
    }),
    queue.stop,
  ]);
}

function isReady({ status }: Node): boolean {
  return findCondition(status?.conditions, "Ready")?.status === "True";
}

function markPods(plane: ControlPlane, node: Node): void {
  const { store, clock } = plane;
  const message = `Node ${node.metadata.name} status is now: NodeNotReady`;
  plane.events.record(node, { type: "Normal", reason: "NodeNotReady", message, source: manager });
  for (const pod of store.podsOn<Pod>(node.metadata.name)) {
    if (findCondition(pod.status?.conditions, "Ready")?.status !== "True") continue;
    const { namespace, name } = identity(pod);
    const edit = (copy: Pod) => {
      const wanted = { ...findCondition(copy.status?.conditions, "Ready"), type: "Ready", status: "False" as const };
      copy.status = { ...copy.status, conditions: withCondition(copy.status?.conditions, wanted, timestamp(clock)) };
    };
    store.change<Pod>("pods", namespace, name, edit, { manager, subresource: "status" });
  }
}
