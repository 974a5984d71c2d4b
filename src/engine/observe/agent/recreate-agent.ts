import { nodeConfigName } from "../../model/cilium-names.ts";
import { CrossfadeError } from "../../model/errors.ts";
import { note } from "../../model/notes/note.ts";
import type { AgentPod } from "../../model/ports/cilium.ts";
import { againOrBack, reason } from "../../model/reason.ts";
import type { NodeScope } from "../../model/step.ts";
import { remembered } from "../../model/step-memory.ts";
import { applyNodeConfig, nodeConfigPresent } from "../node-config-present.ts";

/** uids of agents that this step deleted. */
const deletedAgents = remembered(() => new Set<string>());
/** How often this step wrote the CiliumNodeConfig again. */
const configWrites = remembered(() => ({ times: 0 }));
/** More is a fight with somebody, or a cause that no new pod takes away. */
const enough = 3;

/** Agents that this step has had made anew. */
export const recreatedAgents = ({ memory }: NodeScope): number => memory.of(deletedAgents).size;

/** Whether this very agent is one of them: its successor is waited for. */
export const isRecreated = ({ memory }: NodeScope, { ref }: AgentPod): boolean => memory.of(deletedAgents).has(ref.uid);

/** Deletes the agent's pod, so that a new one reads its configuration afresh; asked again for the same one, does nothing. */
export async function recreateAgent(scope: NodeScope, agent: AgentPod): Promise<void> {
  if (isRecreated(scope, agent)) return;
  if (recreatedAgents(scope) >= enough) {
    const facts = { node: scope.node, config: nodeConfigName, times: enough };
    throw new CrossfadeError("AGENT_FAILED", reason("agent-ignores-config", facts, againOrBack));
  }
  await scope.ports.pods.delete(agent.ref);
  // Only now: a deletion that an outage broke off is asked for again.
  scope.memory.of(deletedAgents).add(agent.ref.uid);
}

/** The CiliumNodeConfig is written again where somebody deleted or changed it, a few times. */
export async function keepNodeConfig(scope: NodeScope): Promise<void> {
  const { memory, log, plan, node } = scope;
  if (await nodeConfigPresent(scope)) return;
  const writes = memory.of(configWrites);
  if (writes.times >= enough) {
    const facts = { node, namespace: plan.cilium.namespace, name: nodeConfigName, times: writes.times };
    throw new CrossfadeError("FOUGHT_OVER", reason("node-config-changed-again", facts, againOrBack));
  }
  await applyNodeConfig(scope);
  // Only now: an outage that breaks it off is no fight.
  writes.times += 1;
  log("warning", note("node-config-rewritten", { name: `${plan.cilium.namespace}/${nodeConfigName}` }));
}
