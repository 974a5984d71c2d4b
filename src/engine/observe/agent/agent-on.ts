import type { AgentPod } from "../../model/ports/cilium.ts";
import type { NodeScope } from "../../model/step.ts";

/** The node's agent; null where it has none. */
export async function agentOn({ ports, node }: Pick<NodeScope, "ports" | "node">): Promise<AgentPod | null> {
  return (await ports.cilium.agents()).find((agent) => agent.node === node) ?? null;
}
