import { nodeSteps, type RollbackStepId, rollbackNodeSteps, type StepId } from "../node-state.ts";
import { type Plan, type RollbackRunStepId, type RunStepId, rollbackRunSteps, runSteps } from "../plan-types.ts";

/** As much of a plan as the order of its steps follows from; null before there is one. */
export type Planned = Pick<Plan, "sourceSteps"> | null;

function ordered(ids: readonly string[], plan: Planned): readonly string[] {
  const own = plan?.sourceSteps;
  if (own === undefined) return ids;
  return ids.flatMap((id) => [...own.filter(({ before }) => before === id).map((step) => step.id), id]);
}

/** The steps of a node's migration in their order, those of the plan's source among them. */
export const nodeStepsOf = (plan: Planned) => ordered(nodeSteps, plan) as readonly StepId[];

export const rollbackNodeStepsOf = (plan: Planned) => ordered(rollbackNodeSteps, plan) as readonly RollbackStepId[];

export const runStepsOf = (plan: Planned) => ordered(runSteps, plan) as readonly RunStepId[];

export const rollbackRunStepsOf = (plan: Planned) => ordered(rollbackRunSteps, plan) as readonly RollbackRunStepId[];

/** The step after this one, or null where it is the last. */
export const stepAfter = <Id extends string>(steps: readonly Id[], id: Id): Id | null =>
  steps[steps.indexOf(id) + 1] ?? null;

/** What a run does before its first node and after its last; on the way back likewise. */
export function aroundNodes<Id extends string>(
  steps: readonly Id[],
  nodes: Id,
): { before: readonly Id[]; after: readonly Id[] } {
  const at = steps.indexOf(nodes);
  return { before: steps.slice(0, at), after: steps.slice(at + 1) };
}
