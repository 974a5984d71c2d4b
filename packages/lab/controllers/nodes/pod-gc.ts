import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Node, Pod } from "../kinds.ts";
import { identity } from "../object-key.ts";
import { workQueue } from "../queue.ts";

/** Upstream's quarantine: a node object that vanishes may come back. */
const quarantineMs = 40_000;

/** Removes pods whose node object is gone: no kubelet will ever finish them. */
export function startPodGc(plane: ControlPlane): Stop {
  const { store } = plane;
  const isGone = (node: string) => !store.get<Node>("nodes", null, node);
  const queue = workQueue(plane, (node) => {
    if (!isGone(node)) return;
    for (const pod of store.podsOn<Pod>(node)) {
      const { namespace, name, uid } = identity(pod);
      store.delete("pods", namespace, name, { graceSeconds: 0, uid });
      store.remove("pods", namespace, name, uid);
    }
  });
  return stopAll([
    store.subscribe<Node>("nodes", ({ type, object }) => {
      if (type === "DELETED") queue.add(object.metadata.name, quarantineMs);
    }),
    store.subscribe<Pod>("pods", ({ type, object, old }) => {
      const { nodeName } = object.spec;
      if (type !== "DELETED" && nodeName && !old?.spec.nodeName && isGone(nodeName)) queue.add(nodeName, quarantineMs);
    }),
    queue.stop,
  ]);
}
