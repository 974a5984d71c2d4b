import type { StepId } from "./node-state.ts";
import { nodeStepsOf, type Planned } from "./plan/step-order.ts";

/**
 * Steps in which the node may stand still for any time without harm: it is cordoned at most, and wholly on its old
 * network. From the hand-over on, a pause waits until the node is through.
 */
const safeSteps: ReadonlySet<StepId> = new Set(["precheck", "cordon", "drain", "soak"]);

/** The source's own steps before the first of ours: they look at what all nodes need, and this one is as it was. */
function isBeforeAnything(step: StepId, plan: Planned): boolean {
  const steps = nodeStepsOf(plan);
  return steps.slice(0, steps.indexOf("precheck")).includes(step);
}

/** Whether a pause may take hold while a node is in this step. */
export const isSafeToPause = (step: StepId, plan: Planned): boolean =>
  safeSteps.has(step) || isBeforeAnything(step, plan);
