import { nodeSteps } from "../model/node-state.ts";
import type { NodeScope } from "../model/step.ts";
import { cordonAgain } from "../observe/cordon-again.ts";
import { nodeOf } from "../observe/node-of.ts";

/** From the hand-over until it is proven, a pod that comes to the node gets an address that may lead nowhere. */
const betweenNetworks: readonly string[] = nodeSteps.slice(
  nodeSteps.indexOf("enable-cilium"),
  nodeSteps.indexOf("uncordon"),
);

/** After the hand-over there is no giving up half-way: the cordon is put back as often as it takes. */
export async function keepCordoned(scope: NodeScope, step: string): Promise<void> {
  if (!betweenNetworks.includes(step) || (await nodeOf(scope)).cordoned) return;
  await cordonAgain(scope, "it is between two networks");
}
