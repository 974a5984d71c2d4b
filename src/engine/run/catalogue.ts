import type { RollbackRunStep, RollbackStep, RunStep, Step } from "../model/step.ts";
import { rollbackSteps } from "../rollback-steps/rollback-steps.ts";
import { rollbackAfterNodes, rollbackBeforeNodes, stepsAfterNodes, stepsBeforeNodes } from "../run-steps/run-steps.ts";
import { sources } from "../sources/registry.ts";
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
