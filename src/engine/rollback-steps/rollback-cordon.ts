import { ciliumConfFile, migrationLabel } from "../model/cilium-names.ts";
import { done, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { NodeScope, RollbackStep } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { podsOfNetwork } from "../observe/pods-of-network.ts";
import { rebootPodGone } from "../observe/reboot-pod-gone.ts";

/** Nothing of the node has moved yet: it is neither labelled nor does it hold a Cilium file or address. */
async function unmoved(scope: NodeScope): Promise<boolean> {
  const { ports, plan, node } = scope;
  if ((await nodeOf(scope)).labels[migrationLabel] === "true") return false;
  const moved = await podsOfNetwork(ports, plan, await ports.pods.onFresh(node), "cilium");
  if (moved.length > 0) return false;
  return !(await ports.hosts.cniFiles(node)).some(({ name }) => name === ciliumConfFile);
}

/** Keeps pods away during the rollback; not needed where nothing was changed yet. A node that is off is waited for as after a reboot; one that was waited for before is deferred, cordoned, and the others go on. */
export const rollbackCordon: RollbackStep = {
  id: "rollback-cordon",
  timeoutMs: ({ options }) => options.rebootTimeoutMs,
  async observe(scope) {
    const facts = await nodeOf(scope);
    if (facts.cordoned && !facts.ready) return notReady(facts);
    const rebootPod = await rebootPodGone(scope);
    if (!rebootPod.done) return rebootPod;
    if (facts.cordoned || (await unmoved(scope))) return done;
    return waiting("node-not-cordoned", {}, { object: theNode(scope.node) });
  },
  async apply(scope) {
    const { ports, node } = scope;
    await ports.rebooter.tidy(node);
    if (!(await unmoved(scope))) await ports.nodes.cordon(node);
  },
};
