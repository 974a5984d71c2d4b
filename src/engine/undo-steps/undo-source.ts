import { selects } from "../drain/selector.ts";
import type { PodFacts } from "../facts.ts";
import { done, type NodeScope, type UndoStep, waiting } from "../step.ts";
import { outgoing, replace } from "./outgoing.ts";

async function sourcePod({ ports, node, plan }: NodeScope): Promise<PodFacts | null> {
  const { namespace, podLabels } = plan.source;
  const pods = await ports.pods.on(node);
  return pods.find((pod) => pod.namespace === namespace && selects({ matchLabels: podLabels }, pod.labels)) ?? null;
}

/** Restarts the source's pod on the node: its init container writes the configuration anew, its daemon its link and routes. */
export const undoSource: UndoStep = {
  id: "undo-source",
  title: "Restart the old CNI on the node",
  timeoutMs: 10 * 60_000,
  retriable: true,
  async observe(scope) {
    const pod = await sourcePod(scope);
    const object = `DaemonSet ${scope.plan.source.daemonSet}`;
    if (!pod) return waiting(`a pod of ${scope.plan.source.daemonSet} on ${scope.node}`, "its DaemonSet", object);
    const old = outgoing(scope, "undo-source");
    if (old === null || old === pod.uid) return waiting("the old CNI's pod to be recreated", "its deletion", object);
    return pod.ready ? done : waiting(`${pod.name} to be Ready`, "the old CNI", object);
  },
  async apply(scope) {
    const pod = await sourcePod(scope);
    if (!pod) return;
    const old = outgoing(scope, "undo-source");
    if (old === null || old === pod.uid) await replace(scope, "undo-source", pod);
  },
};
