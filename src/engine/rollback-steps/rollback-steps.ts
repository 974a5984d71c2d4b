import type { UndoStepId } from "../model/node-state.ts";
import type { UndoStep } from "../model/step.ts";
import { undoAgent } from "./rollback-agent.ts";
import { undoCordon } from "./rollback-cordon.ts";
import { undoDrain } from "./rollback-drain.ts";
import { undoFiles } from "./rollback-files.ts";
import { undoLabel } from "./rollback-label.ts";
import { undoRecycle } from "./rollback-recycle.ts";
import { undoSource } from "./rollback-source.ts";
import { undoUncordon } from "./rollback-uncordon.ts";
import { undoVerify } from "./rollback-verify.ts";

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
