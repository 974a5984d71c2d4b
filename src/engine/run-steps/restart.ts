import { agentDaemonSet, operatorDeployment } from "../model/cilium-names.ts";
import type { WorkloadFacts } from "../model/facts.ts";
import { done, type Observation, type RunScope, type RunStep, waiting } from "../model/step.ts";
import { startTrouble, untilStarted } from "../observe/start-trouble.ts";

/** Set on the pod template with the restart, so that a second engine does not restart again. */
export const restartTokenAnnotation = "crossfade/restart-token";

const tokenOf = ({ plan }: RunScope) => `final-${plan.hash.slice(0, 12)}`;

async function rolledOut(
  { ports, plan }: RunScope,
  workload: WorkloadFacts | null,
  token: string,
  name: string,
): Promise<Observation> {
  if (!workload) return waiting(`${name}, which is not there`, "helm");
  if (workload.annotations[restartTokenAnnotation] !== token) return waiting(`${name} to be restarted`, "the engine");
  const { observed, updated, ready, desired } = workload;
  if (observed && updated >= desired && ready >= desired) return done;
  const trouble = await startTrouble(ports, { namespace: plan.cilium.namespace, name });
  const words = `${name} to roll out (${updated} of ${desired} new, ${ready} Ready)`;
  return untilStarted(waiting(words, "the rollout", `${workload.kind} ${name}`), trouble);
}

/** Agents read their configuration only at start (rollOutCiliumPods is false), so the new values need a restart. */
export const restartAgents: RunStep = {
  id: "restart-agents",
  title: "Restart the agents so that they read the new values",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { ports, plan } = scope;
    return rolledOut(
      scope,
      await ports.workloads.get("DaemonSet", plan.cilium.namespace, agentDaemonSet),
      tokenOf(scope),
      agentDaemonSet,
    );
  },
  apply: (scope) =>
    scope.ports.workloads.restart("DaemonSet", scope.plan.cilium.namespace, agentDaemonSet, tokenOf(scope)),
  undo: "nothing-to-undo",
};

/** The operator too keeps its old settings (pod watcher, rights) until it restarts (operator.rollOutPods is false). */
export const restartOperator: RunStep = {
  id: "restart-operator",
  title: "Restart the operator so that it reads the new values",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    const { ports, plan } = scope;
    const operator = await ports.workloads.get("Deployment", plan.cilium.namespace, operatorDeployment);
    return rolledOut(scope, operator, tokenOf(scope), operatorDeployment);
  },
  apply: (scope) =>
    scope.ports.workloads.restart("Deployment", scope.plan.cilium.namespace, operatorDeployment, tokenOf(scope)),
  undo: "nothing-to-undo",
};
