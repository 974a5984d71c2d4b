import type { RollbackRunStep } from "../model/step.ts";
import { deploy, deployedWith } from "../observe/deployed-with.ts";

/** With the final values every restarted agent takes its node over, labelled or not: back to the hybrid phase first. */
export const rollbackUpgrade: RollbackRunStep = {
  id: "rollback-upgrade",
  timeoutMs: 20 * 60_000,
  observe: (scope) => deployedWith(scope, scope.plan.values.initial),
  apply: (scope) => deploy(scope, scope.plan.values.initial),
};
