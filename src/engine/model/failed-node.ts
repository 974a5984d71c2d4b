import type { FailureCode } from "./errors.ts";
import { isUndoStep, type NodeLife, type StepId, type UndoStepId } from "./node-state.ts";
import type { MigrationState } from "./state.ts";

type Failed = Extract<NodeLife, { readonly phase: "failed" }>;

/** Failures that another attempt may not meet: what refuses, or is a bug, says the same again. */
const passing: readonly FailureCode[] = ["STEP_TIMED_OUT", "AGENT_FAILED", "COMMAND_FAILED"];

/**
 * Steps of which a failed attempt may be followed by another without a person: the new one does something anew, and can do no harm.
 * Where not after every passing failure, after which.
 */
export const retriable: Readonly<Partial<Record<StepId | UndoStepId, "passing" | readonly FailureCode[]>>> = {
  cordon: "passing",
  "hand-over": "passing",
  "restart-agent": "passing",
  return: ["AGENT_FAILED"],
  sweep: "passing",
  uncordon: "passing",
  "undo-label": "passing",
  "undo-agent": "passing",
  "undo-files": "passing",
  "undo-source": "passing",
  "undo-recycle": "passing",
  "undo-uncordon": "passing",
};

function isRetriable({ step, failure }: Failed): boolean {
  const after = retriable[step] ?? [];
  return (after === "passing" ? passing : after).some((code) => code === failure.code);
}

/** The number of the retry that the plan allows this failed node by itself, or null. */
export function retryOf({ plan }: MigrationState, failed: Failed): number | null {
  if (!isRetriable(failed)) return null;
  const { retries = 0 } = failed;
  return retries < (plan?.options.retries ?? 0) ? retries + 1 : null;
}

/** Whether the plan has this failed node taken back without a person; where one alone cannot go back any more, never. */
export function isTakenBack({ plan, steps: runSteps }: MigrationState, { step }: Failed): boolean {
  const policy = plan?.options.onNodeFailure ?? "stop";
  return policy !== "stop" && !isUndoStep(step) && runSteps.upgrade === undefined;
}
