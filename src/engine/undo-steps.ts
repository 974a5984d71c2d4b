import type { UndoStepId } from "./node-life.ts";
import type { UndoStep } from "./step.ts";
import { undoAgent } from "./undo-steps/undo-agent.ts";
import { undoCordon } from "./undo-steps/undo-cordon.ts";
import { undoDrain } from "./undo-steps/undo-drain.ts";
import { undoFiles } from "./undo-steps/undo-files.ts";
import { undoLabel } from "./undo-steps/undo-label.ts";
import { undoRecycle } from "./undo-steps/undo-recycle.ts";
import { undoSource } from "./undo-steps/undo-source.ts";
import { undoUncordon } from "./undo-steps/undo-uncordon.ts";
import { undoVerify } from "./undo-steps/undo-verify.ts";

/**
 * The way back of one node, from any step of the way there. Upstream documents none: "take the label away and reboot"
 * leaves 05-cilium.conflist in front, so every act of the take-over is taken back by its own step.
 */
export const undoSteps: readonly UndoStep[] = [
  undoCordon,
  undoDrain,
  undoLabel,
  undoAgent,
  undoFiles,
  undoSource,
  undoRecycle,
  undoVerify,
  undoUncordon,
];

export function undoStepAfter(id: UndoStepId): UndoStepId | null {
  return undoSteps[undoSteps.findIndex((step) => step.id === id) + 1]?.id ?? null;
}
