import { operatorDeployment } from "../model/cilium-names.ts";
import type { RunStep } from "../model/step.ts";
import { rolledOut, tokenOf } from "../observe/rolled-out.ts";

/** The operator too keeps its old settings (pod watcher, rights) until it restarts (operator.rollOutPods is false). */
export const restartOperator: RunStep = {
  id: "restart-operator",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    const { ports, plan } = scope;
    const operator = await ports.workloads.get("Deployment", plan.cilium.namespace, operatorDeployment);
    return rolledOut(scope, operator, tokenOf(scope), operatorDeployment);
  },
  apply: (scope) =>
    scope.ports.workloads.restart("Deployment", scope.plan.cilium.namespace, operatorDeployment, tokenOf(scope)),
  rollback: "nothing-to-roll-back",
};
