import type { StepId } from "../model/node-state.ts";
import type { NodeScope } from "../model/step.ts";
import { cordonAgain } from "../observe/cordon-again.ts";
import { nodeOf } from "../observe/node-of.ts";

/** From the hand-over until it is proven, a pod that comes to the node gets an address that may lead nowhere. */
const betweenNetworks: ReadonlySet<StepId> = new Set([
  "enable-cilium",
  "restart-agent",
  "reboot",
  "wait-ready",
  "recycle-pods",
  "verify",
]);

/** After the hand-over there is no giving up half-way: the cordon is put back as often as it takes. */
export async function keepCordoned(scope: NodeScope, step: string): Promise<void> {
  if (!betweenNetworks.has(step as StepId) || (await nodeOf(scope)).cordoned) return;
  await cordonAgain(scope, "it is between two networks");
}
