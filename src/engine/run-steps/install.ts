import type { RunStep } from "../model/step.ts";
import { deploy, deployedWith } from "../observe/deployed-with.ts";

/** Installs Cilium beside the old CNI, told to take nothing over. */
export const install: RunStep = {
  id: "install",
  timeoutMs: 20 * 60_000,
  observe: (scope) => deployedWith(scope, scope.plan.values.initial),
  apply: (scope) => deploy(scope, scope.plan.values.initial),
  rollback: ["rollback-install", "rollback-clean"],
};
