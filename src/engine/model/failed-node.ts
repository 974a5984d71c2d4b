import { isRollbackStep, type NodeState, type RollbackStepId, type StepId } from "./node-state.ts";
import type { FailureCode } from "./reasons/failure-code.ts";
import type { MigrationState } from "./state.ts";

type Failed = Extract<NodeState, { readonly phase: "failed" }>;

/** Failures that another attempt may not meet: what refuses, or is a bug, says the same again. */
const passing: readonly FailureCode[] = ["STEP_TIMED_OUT", "AGENT_FAILED", "COMMAND_FAILED"];

/**
 * Steps of which a failed attempt may be followed by another without a person: the new one does something anew, and can do no harm.
 * Where not after every passing failure, after which.
 */
export const retriable: Readonly<Partial<Record<StepId | RollbackStepId, "passing" | readonly FailureCode[]>>> = {
  cordon: "passing",
  "enable-cilium": "passing",
  "restart-agent": "passing",
  "wait-ready": ["AGENT_FAILED"],
  "recycle-pods": "passing",
  uncordon: "passing",
  "rollback-label": "passing",
  "rollback-agent": "passing",
  "rollback-files": "passing",
  "rollback-source": "passing",
  "rollback-recycle": "passing",
  "rollback-uncordon": "passing",
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
export function isRolledBackByPolicy({ plan, steps: runSteps }: MigrationState, { step }: Failed): boolean {
  const policy = plan?.options.onNodeFailure ?? "stop";
  return policy !== "stop" && !isRollbackStep(step) && runSteps.upgrade === undefined;
}
