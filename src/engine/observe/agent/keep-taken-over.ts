import type { NodeScope } from "../../model/step.ts";
import { agentOn } from "./agent-on.ts";
import { crashLoops } from "./crash-loops.ts";
import { keepNodeConfig, recreateAgent, recreatedAgents } from "./recreate-agent.ts";

/** An agent that found no CiliumNodeConfig when its init containers ran, as they do at each boot, has let the node go: it is made anew. */
export async function keepTakenOver(scope: NodeScope): Promise<void> {
  const agent = await agentOn(scope);
  if (!agent) return;
  const secondTry = scope.again && crashLoops(scope, agent) && recreatedAgents(scope) === 0;
  const outdated = agent.ready && !(await scope.ports.cilium.agentStatus(scope.node)).writesCniConf;
  if (!secondTry && !outdated) return;
  await keepNodeConfig(scope);
  await recreateAgent(scope, agent);
}
