import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Node, Pod } from "../kinds.ts";
import { identity, keyOf, splitKey } from "../object-key.ts";
import { isActive } from "../pod-state.ts";
import { workQueue } from "../queue.ts";
import { staysMs } from "../scheduling/tolerations.ts";

/** Deletes pods from nodes with NoExecute taints, when their tolerations run out. */
export function startTaintEviction(plane: ControlPlane): Stop {
  const { store, clock } = plane;
  const queue = workQueue(plane, (key) => {
    const pod = store.get<Pod>("pods", ...splitKey(key));
    const node = pod?.spec.nodeName && store.get<Node>("nodes", null, pod.spec.nodeName);
    if (!pod || !node || !isActive(pod)) return;
    const dueMs = evictionDueMs(pod, node);
    if (dueMs === null) return;
    if (dueMs > clock.now()) {
      queue.add(key, dueMs - clock.now());
      return;
    }
    const { namespace, name, uid } = identity(pod);
    const message = `Marking for deletion Pod ${key}`;
    plane.events.record(pod, {
      type: "Normal",
      reason: "TaintManagerEviction",
      message,
      source: "taint-eviction-controller",
    });
    store.delete("pods", namespace, name, { uid });
  });
  return stopAll([
    store.subscribe<Node>("nodes", ({ type, object, old }) => {
      if (type === "DELETED" || evictingTaints(object) === evictingTaints(old)) return;
      if (evictingTaints(object) === "[]") return;
      for (const pod of store.podsOn<Pod>(object.metadata.name)) queue.add(keyOf(pod));
    }),
    store.subscribe<Pod>("pods", ({ type, object, old }) => {
      if (type !== "DELETED" && object.spec.nodeName && !old?.spec.nodeName) queue.add(keyOf(object));
    }),
    queue.stop,
  ]);
}

function evictingTaints(node: Node | null): string {
  return JSON.stringify((node?.spec?.taints ?? []).filter(({ effect }) => effect === "NoExecute"));
}

/** Epoch milliseconds at which the pod has to go, or null when all that drives it out is tolerated for ever. */
export function evictionDueMs(pod: Pod, node: Node): number | null {
  const dues = (node.spec?.taints ?? [])
    .filter(({ effect }) => effect === "NoExecute")
    .flatMap((taint) => {
      const stays = staysMs(pod.spec.tolerations, taint);
      return stays === null ? [] : [(Date.parse(taint.timeAdded ?? "") || 0) + stays];
    });
  return dues.length ? Math.min(...dues) : null;
}
