import { nodeSteps, rollbackNodeSteps } from "../../engine/model/node-state.ts";
import { type Plan, rollbackRunSteps, runSteps } from "../../engine/model/plan-types.ts";
import type { NodeRecord, RunRecord } from "../../engine/model/ports/records.ts";

const known: readonly string[] = [...nodeSteps, ...rollbackNodeSteps, ...runSteps, ...rollbackRunSteps];

const strayAmong = ({ sourceSteps = [] }: Plan, ids: readonly string[]): string | null =>
  ids.find((id) => !known.includes(id) && sourceSteps.every((step) => step.id !== id)) ?? null;

const inWords = (where: string, stray: string | null): string | null =>
  stray === null ? null : `${where} is "${stray.slice(0, 80)}", a step that its plan does not have`;

/** Of the run's state: a step that is neither the product's nor one of the plan's source; in words, or null. */
export const strayStepOfRun = (plan: Plan, { started, stepsDone }: Omit<RunRecord, "plan">): string | null =>
  inWords("a step in state", strayAmong(plan, [...started, ...Object.keys(stepsDone)]));

/** Of a node's record likewise. */
export const strayStepOfNode = (plan: Plan, { state }: NodeRecord): string | null =>
  "step" in state ? inWords("record.state.step", strayAmong(plan, [state.step])) : null;
