import { agentNotReadyTaint } from "../../model/cilium-names.ts";
import { done, type Observation, waiting } from "../../model/observation.ts";
import { named, theNode } from "../../model/reason.ts";
import type { NodeScope } from "../../model/step.ts";
import { nodeOf } from "../node-of.ts";
import { agentAwaited } from "../start-trouble.ts";
import { agentOn } from "./agent-on.ts";
import { tookOver } from "./took-over.ts";

/** The agent is Ready, has written its configuration, and no taint of its keeps pods away. */
export async function agentBack(scope: NodeScope): Promise<Observation> {
  const agent = await agentOn(scope);
  if (!agent) return agentAwaited(scope, scope.node);
  const taken = await tookOver(scope, agent);
  if (!taken.done) return taken;
  const { taints } = await nodeOf(scope);
  if (!taints.some(({ key }) => key === agentNotReadyTaint)) return done;
  const object = theNode(scope.node);
  return waiting("agent-taint", { taint: agentNotReadyTaint, ...named([scope.node]) }, { object });
}
