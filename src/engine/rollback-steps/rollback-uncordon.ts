import type { RollbackStep } from "../model/step.ts";
import { schedulableAgain, uncordonOnce } from "../observe/schedulable-again.ts";

/** Uncordons the node; one that its owner had cordoned stays cordoned. */
export const rollbackUncordon: RollbackStep = {
  id: "rollback-uncordon",
  timeoutMs: 60_000,
  observe: schedulableAgain,
  apply: uncordonOnce,
};
