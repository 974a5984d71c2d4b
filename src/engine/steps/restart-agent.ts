import { waiting } from "../model/observation.ts";
import type { AgentPod } from "../model/ports/cilium.ts";
import { thePod } from "../model/reason.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { agentOn } from "../observe/agent/agent-on.ts";
import { giveUpOn } from "../observe/agent/crash-loops.ts";
import { keepNodeConfig, recreateAgent, recreatedAgents } from "../observe/agent/recreate-agent.ts";
import { tookOver } from "../observe/agent/took-over.ts";
import { cniFoldersOf } from "../observe/cni-folders.ts";
import { agentAwaited } from "../observe/start-trouble.ts";

/**
 * A machine that starts anew starts its agent anew, with the label read: once is enough. Cilium's file must be there at the boot where a
 * static pod has a pod address (its kubelet starts it before any agent, and nobody can recreate it after), and where a pod looks into the
 * CNI's folders: what starts before the agent would make the old CNI's bridge once more, and hide that the pod cannot do without it.
 */
async function startsByReboot({ ports, plan, node }: NodeScope): Promise<boolean> {
  if (plan.options.reboot.method === "none") return false;
  const pods = await ports.pods.on(node);
  return pods.every((pod) => (!pod.mirror || pod.hostNetwork) && cniFoldersOf(pod, plan.source).length === 0);
}

/** An agent reads its configuration only when its pod is created: one with the old uid has not heard of the label. */
async function outdated(scope: NodeScope, agent: AgentPod): Promise<boolean> {
  if (agent.ref.uid === scope.before?.agentUid) return true;
  return agent.ready && !(await scope.ports.cilium.agentStatus(scope.node)).writesCniConf;
}

/** Recreates the node's agent and waits for a pod with a new uid that has taken the node over; skipped where the node is rebooted, which restarts it. */
export const restartAgent: Step = {
  id: "restart-agent",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    if (await startsByReboot(scope)) return { done: true, note: "the reboot restarts it" };
    const agent = await agentOn(scope);
    if (!agent) return agentAwaited(scope, scope.node);
    if (agent.ref.uid === scope.before?.agentUid)
      return waiting("old-agent-running", {}, { object: thePod(agent.ref) });
    giveUpOn(scope, agent);
    return tookOver(scope, agent);
  },
  async apply(scope) {
    const agent = await agentOn(scope);
    if (!agent) return;
    const secondTry = scope.again && recreatedAgents(scope) === 0;
    if (!secondTry && !(await outdated(scope, agent))) return;
    await keepNodeConfig(scope);
    await recreateAgent(scope, agent);
  },
  rollback: ["rollback-agent", "rollback-files", "rollback-source"],
};
