import type { StepId } from "./node-state.ts";

/**
 * Steps in which the node may stand still for any time without harm: it is cordoned at most, and wholly on its old
 * network. From the hand-over on, a pause waits until the node is through.
 */
const safeSteps: ReadonlySet<StepId> = new Set(["precheck", "cordon", "drain", "soak"]);

/** Whether a pause may take hold while a node is in this step. */
export const isSafeToPause = (step: StepId): boolean => safeSteps.has(step);
