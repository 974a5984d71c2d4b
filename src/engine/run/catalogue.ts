import type { Plan } from "../model/plan-types.ts";
import type { AnyStep, RollbackRunStep, RollbackStep, RunStep, Step } from "../model/step.ts";
import { rollbackSteps } from "../rollback-steps/rollback-steps.ts";
import { rollbackAfterNodes, rollbackBeforeNodes, stepsAfterNodes, stepsBeforeNodes } from "../run-steps/run-steps.ts";
import { sources, stepsOf } from "../sources/registry.ts";
import type { Source } from "../sources/source.ts";
import { steps } from "../steps/steps.ts";

/** The leaves by which a run is carried out; the order of steps is the business of the lists. */
export interface Catalogue {
  readonly ofNode: readonly (Step | RollbackStep)[];
  readonly ofRun: readonly (RunStep | RollbackRunStep)[];
  /** The source CNIs that this engine knows. */
  readonly sources: readonly Source[];
}

export const catalogue: Catalogue = {
  ofNode: [...steps, ...rollbackSteps],
  ofRun: [...stepsBeforeNodes, ...stepsAfterNodes, ...rollbackBeforeNodes, ...rollbackAfterNodes],
  sources,
};

function named<S extends AnyStep>(id: string, steps: readonly S[]): S {
  const found = steps.find((step) => step.id === id);
  if (found) return found;
  throw new Error(`no step is called ${id}`);
}

/** A step of a node: the product's, or one that the plan's source brings along. */
export function nodeStep(id: string, plan: Plan, { ofNode, sources: known }: Catalogue): Step | RollbackStep {
  const { node, rollbackNode } = stepsOf(plan, known);
  return named(id, [...ofNode, ...node, ...rollbackNode]);
}

/** A step of the run likewise. */
export function runStep(id: string, plan: Plan, { ofRun, sources: known }: Catalogue): RunStep | RollbackRunStep {
  const { run, rollbackRun } = stepsOf(plan, known);
  return named(id, [...ofRun, ...run, ...rollbackRun]);
}
