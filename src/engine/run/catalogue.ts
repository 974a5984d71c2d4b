import type { RunStep, Step, UndoRunStep, UndoStep } from "../model/step.ts";
import { undoSteps } from "../rollback-steps/rollback-steps.ts";
import { stepsAfterNodes, stepsBeforeNodes, undoAfterNodes, undoBeforeNodes } from "../run-steps/run-steps.ts";
import { sources } from "../sources/registry.ts";
import type { Source } from "../sources/source.ts";
import { steps } from "../steps/steps.ts";

/** The leaves by which a run is carried out; the order of steps is the business of the lists. */
export interface Catalogue {
  readonly ofNode: readonly (Step | UndoStep)[];
  readonly ofRun: readonly (RunStep | UndoRunStep)[];
  /** The source CNIs that this engine knows. */
  readonly sources: readonly Source[];
}

export const catalogue: Catalogue = {
  ofNode: [...steps, ...undoSteps],
  ofRun: [...stepsBeforeNodes, ...stepsAfterNodes, ...undoBeforeNodes, ...undoAfterNodes],
  sources,
};
