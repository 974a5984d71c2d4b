import { aroundNodes, rollbackRunStepsOf, runStepsOf } from "../model/plan/step-order.ts";
import type { Consent, RollbackRunStepId, RunStepId } from "../model/plan-types.ts";
import type { Failure } from "../model/reason.ts";
import type { MigrationState } from "../model/state.ts";
import { stepsAfterNodes as leaves } from "../run-steps/run-steps.ts";

/** The run's steps by their ids, the source's own among them: what is done before the first node, and after the last. */
export const stepsBeforeNodes = ({ plan }: MigrationState) => aroundNodes(runStepsOf(plan), "nodes").before;
export const stepsAfterNodes = ({ plan }: MigrationState) => aroundNodes(runStepsOf(plan), "nodes").after;
export const rollbackBeforeNodes = ({ plan }: MigrationState) =>
  aroundNodes(rollbackRunStepsOf(plan), "rollback-nodes").before;
export const rollbackAfterNodes = ({ plan }: MigrationState) =>
  aroundNodes(rollbackRunStepsOf(plan), "rollback-nodes").after;

/** The first of them that is not done. */
export const firstOpen = <Id extends RunStepId | RollbackRunStepId>(
  { steps }: MigrationState,
  ids: readonly Id[],
): Id | null => ids.find((id) => steps[id]?.state !== "done") ?? null;

/** The consent with which a run goes on although this step failed so; null where there is none. */
export function overruledBy(step: string, { code }: Failure): Consent | null {
  const overruled = leaves.find(({ id }) => id === step)?.overruled;
  return overruled?.code === code ? overruled.by : null;
}

/** What a step waits for; one of the source's own for the same as the step that it comes before. */
export function consentOf(step: RunStepId, { plan }: MigrationState): Consent | undefined {
  const asked = plan?.sourceSteps?.find(({ id }) => id === step)?.before ?? step;
  return leaves.find(({ id }) => id === asked)?.consent;
}
