import { ciliumConfFile, migrationLabel } from "../cilium-names.ts";
import { done, type NodeScope, type UndoStep, waiting } from "../step.ts";
import { nodeOf } from "../steps/gate.ts";
import { rebootPodGone } from "../steps/return.ts";
import { podsOfNetwork } from "../steps/sweep.ts";

/** Nothing of the node has moved yet: it is neither labelled nor does it hold a Cilium file or address. */
export async function unmoved(scope: NodeScope): Promise<boolean> {
  const { ports, plan, node } = scope;
  if ((await nodeOf(scope)).labels[migrationLabel] === "true") return false;
  const moved = await podsOfNetwork(ports, plan, await ports.pods.onFresh(node), "cilium");
  if (moved.length > 0) return false;
  return !(await ports.hosts.cniFiles(node)).some(({ name }) => name === ciliumConfFile);
}

/** Keeps pods away while the node changes back; not needed where nothing had moved yet. */
export const undoCordon: UndoStep = {
  id: "undo-cordon",
  title: "Keep new pods away",
  timeoutMs: 60_000,
  async observe(scope) {
    const rebootPod = await rebootPodGone(scope);
    if (!rebootPod.done) return rebootPod;
    if ((await nodeOf(scope)).cordoned || (await unmoved(scope))) return done;
    return waiting("the node to be marked unschedulable", "the API server", `Node ${scope.node}`);
  },
  async apply(scope) {
    const { ports, node } = scope;
    await ports.rebooter.tidy(node);
    if (!(await unmoved(scope))) await ports.nodes.cordon(node);
  },
};
