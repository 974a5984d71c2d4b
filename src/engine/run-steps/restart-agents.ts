import { agentDaemonSet } from "../model/cilium-names.ts";
import type { RunStep } from "../model/step.ts";
import { rolledOut, tokenOf } from "../observe/rolled-out.ts";

/** Agents read their configuration only at start (rollOutCiliumPods is false), so the new values need a restart. */
export const restartAgents: RunStep = {
  id: "restart-agents",
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
  rollback: "nothing-to-roll-back",
};
