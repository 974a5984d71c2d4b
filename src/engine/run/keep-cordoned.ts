import { nodeStepsOf, type Planned } from "../model/plan/step-order.ts";
import type { NodeScope } from "../model/step.ts";
import { cordonAgain } from "../observe/cordon-again.ts";
import { nodeOf } from "../observe/node-of.ts";

/** From the hand-over until it is proven, a pod that comes to the node gets an address that may lead nowhere. */
function isBetweenNetworks(step: string, plan: Planned): boolean {
  const steps: readonly string[] = nodeStepsOf(plan);
  const at = steps.indexOf(step);
  return at >= steps.indexOf("enable-cilium") && at < steps.indexOf("uncordon");
}

/** After the hand-over there is no giving up half-way: the cordon is put back as often as it takes. */
export async function keepCordoned(scope: NodeScope, step: string): Promise<void> {
  if (!isBetweenNetworks(step, scope.plan) || (await nodeOf(scope)).cordoned) return;
  await cordonAgain(scope, "between-networks");
}
