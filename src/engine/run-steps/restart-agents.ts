import { agentDaemonSet } from "../model/cilium-names.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { enforcesNothing, wantedMode } from "../observe/policies/enforcement.ts";
import { rolledOut, tokenOf, tokenUnenforced } from "../observe/rolled-out.ts";

/** Where policies are to come into force later, agents restart once more then: with another token. */
async function token(scope: RunScope): Promise<string> {
  const comesLater = wantedMode(scope.plan) !== "never" && (await enforcesNothing(scope)) === true;
  return comesLater ? tokenUnenforced(scope) : tokenOf(scope);
}

/** Agents read their configuration only at start (rollOutCiliumPods is false), so the new values need a restart. */
export const restartAgents: RunStep = {
  id: "restart-agents",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { ports, plan } = scope;
    const agents = await ports.workloads.get("DaemonSet", plan.cilium.namespace, agentDaemonSet);
    return rolledOut(scope, agents, await token(scope), agentDaemonSet);
  },
  async apply(scope) {
    const { ports, plan } = scope;
    await ports.workloads.restart("DaemonSet", plan.cilium.namespace, agentDaemonSet, await token(scope));
  },
  rollback: "nothing-to-roll-back",
};
