import type { UndoStep } from "../model/step.ts";
import { giveBack, schedulableAgain } from "../observe/schedulable-again.ts";

/** Gives back what was: a node that its owner had cordoned stays cordoned. */
export const undoUncordon: UndoStep = {
  id: "undo-uncordon",
  title: "Let pods come back",
  timeoutMs: 60_000,
  observe: schedulableAgain,
  apply: giveBack,
};
