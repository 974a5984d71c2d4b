import { undoAfterNodes, undoBeforeNodes } from "./run-steps/undo-run.ts";
import { stepsAfterNodes, stepsBeforeNodes } from "./run-steps.ts";
import type { RunStep, Step, UndoRunStep, UndoStep } from "./step.ts";
import { steps } from "./steps.ts";
import { undoSteps } from "./undo-steps.ts";

/** The leaves by which a run is carried out; their order is the business of the lists. */
export interface Catalogue {
  readonly ofNode: readonly (Step | UndoStep)[];
  readonly ofRun: readonly (RunStep | UndoRunStep)[];
}

export const catalogue: Catalogue = {
  ofNode: [...steps, ...undoSteps],
  ofRun: [...stepsBeforeNodes, ...stepsAfterNodes, ...undoBeforeNodes, ...undoAfterNodes],
};
