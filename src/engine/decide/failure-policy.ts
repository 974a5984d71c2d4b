import type { FailureCode } from "../model/errors.ts";
import { isUndoStep, type NodeLife, type StepId, type TakenBack, type UndoStepId } from "../model/node-state.ts";
import type { MigrationState, NodeState } from "../model/state.ts";
import { undoSteps } from "../rollback-steps/rollback-steps.ts";
import { steps } from "../steps/steps.ts";

type Failed = Extract<NodeLife, { readonly phase: "failed" }>;

/** Failures that another attempt may not meet: what refuses, or is a bug, says the same again. */
const passing: readonly (FailureCode | "BUG")[] = ["STEP_TIMED_OUT", "AGENT_FAILED", "COMMAND_FAILED"];

/** Step → the failures after which it may be begun again by itself. */
const retriable: ReadonlyMap<StepId | UndoStepId, readonly (FailureCode | "BUG")[]> = new Map(
  [...steps, ...undoSteps].flatMap(({ id, retriable: after }) =>
    after === undefined ? [] : [[id, after === true ? passing : after] as const],
  ),
);

/** The number of the retry that the plan allows this failed node by itself, or null. */
export function retryOf({ plan }: MigrationState, { step, failure, retries = 0 }: Failed): number | null {
  if (!retriable.get(step)?.includes(failure.code)) return null;
  return retries < (plan?.options.retries ?? 0) ? retries + 1 : null;
}

/** Whether the plan has this failed node taken back without a person; where one alone cannot go back any more, never. */
export function isTakenBack({ plan, steps: runSteps }: MigrationState, { step }: Failed): boolean {
  const policy = plan?.options.onNodeFailure ?? "stop";
  return policy !== "stop" && !isUndoStep(step) && runSteps.upgrade === undefined;
}

const takenBackOf = ({ life }: NodeState): TakenBack | undefined => ("takenBack" in life ? life.takenBack : undefined);

export interface LeftOut extends TakenBack {
  readonly node: string;
}

/** Nodes that failed and that the plan's policy had taken back, or has set aside to be taken back, in the run's order. */
export function takenBack(state: MigrationState): readonly LeftOut[] {
  return state.order.flatMap((node) => {
    const known = state.nodes[node];
    const why = known && takenBackOf(known);
    return why && (known.life.phase === "restored" || known.life.phase === "aside") ? [{ node, ...why }] : [];
  });
}

/** Whether the run may go on while this node, which is being taken back, is not Ready: a person had it so, or the policy. */
export function goesOnWithout(
  state: MigrationState,
  { takenBack: why }: Extract<NodeLife, { phase: "undoing" }>,
): boolean {
  if (state.direction === "back" || why === undefined) return true;
  const options = state.plan?.options;
  return options?.onNodeFailure === "skip" && takenBack(state).length < options.maxFailures;
}

/** The node for which the run stops although it was taken back: any at "undo", the one too many at "skip". */
export function oneTooMany(state: MigrationState): LeftOut | null {
  const options = state.plan?.options;
  const out = takenBack(state);
  const allowed = options?.onNodeFailure === "skip" ? options.maxFailures : 0;
  const restored = out.filter(({ node }) => state.nodes[node]?.life.phase === "restored");
  return out.length > allowed ? (restored.at(-1) ?? null) : null;
}
