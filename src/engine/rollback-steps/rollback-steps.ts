import type { RollbackStep } from "../model/step.ts";
import { rollbackAgent } from "./rollback-agent.ts";
import { rollbackCordon } from "./rollback-cordon.ts";
import { rollbackDrain } from "./rollback-drain.ts";
import { rollbackFiles } from "./rollback-files.ts";
import { rollbackLabel } from "./rollback-label.ts";
import { rollbackRecycle } from "./rollback-recycle.ts";
import { rollbackSource } from "./rollback-source.ts";
import { rollbackUncordon } from "./rollback-uncordon.ts";
import { rollbackVerify } from "./rollback-verify.ts";

/**
 * The way back of one node, from any step of the way there. Upstream documents none: "take the label away and reboot"
 * leaves 05-cilium.conflist in front, so every act of the take-over is taken back by its own step.
 */
export const rollbackSteps: readonly RollbackStep[] = [
  rollbackCordon,
  rollbackDrain,
  rollbackLabel,
  rollbackAgent,
  rollbackFiles,
  rollbackSource,
  rollbackRecycle,
  rollbackVerify,
  rollbackUncordon,
];
