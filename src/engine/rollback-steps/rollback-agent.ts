import { done, waiting } from "../model/observation.ts";
import { thePod } from "../model/reason.ts";
import type { RollbackStep } from "../model/step.ts";
import { outgoing, replace } from "../observe/outgoing.ts";
import { agentAwaited, agentNotReady } from "../observe/start-trouble.ts";

/** Recreates the agent: one that does not manage CNI files renames nothing any more, so files can be put back. */
export const rollbackAgent: RollbackStep = {
  id: "rollback-agent",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    const { ports, node } = scope;
    const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
    if (!agent) return agentAwaited(scope, node);
    if (!agent.ready) return agentNotReady(agent);
    const status = await ports.cilium.agentStatus(node);
    const object = thePod(agent.ref);
    if (status.podUid !== agent.ref.uid) return waiting("agent-not-answering", {}, { object });
    return status.writesCniConf ? waiting("old-agent-running", {}, { object }) : done;
  },
  async apply(scope) {
    const { ports, node } = scope;
    const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
    if (!agent) return;
    const { uid } = agent.ref;
    const old = outgoing(scope, "rollback-agent");
    // One that is not Ready yet may be on its way with the right configuration: it is restarted once, never each time.
    const outdated = agent.ready ? (await ports.cilium.agentStatus(node)).writesCniConf : old === null || old === uid;
    if (outdated) await replace(scope, "rollback-agent", agent.ref);
  },
};
