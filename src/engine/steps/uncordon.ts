import type { Step } from "../model/step.ts";
import { schedulableAgain, uncordonOnce } from "../observe/schedulable-again.ts";

/** Lets pods come to the node again. */
export const uncordon: Step = {
  id: "uncordon",
  timeoutMs: 60_000,
  observe: schedulableAgain,
  apply: uncordonOnce,
  rollback: ["rollback-cordon", "rollback-drain"],
};
