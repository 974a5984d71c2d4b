import { CrossfadeError } from "../../model/errors.ts";
import type { AgentPod } from "../../model/ports/cilium.ts";
import { againOrBack, reason } from "../../model/reason.ts";
import type { NodeScope } from "../../model/step.ts";
import { isRecreated, recreatedAgents } from "./recreate-agent.ts";

/** From the fourth restart on a kubelet waits a minute and longer: what failed so often does not heal by waiting. */
const crashesBelieved = 4;

/** Crashes of the agent that are none of the time before the move, nor the start that a reboot is. */
export function crashesOf({ before }: NodeScope, { ref, restarts }: AgentPod): number {
  const asked = before?.rebootAsked?.agent;
  if (asked?.uid === ref.uid) return restarts - asked.restarts - 1;
  return ref.uid === before?.agentUid ? restarts - (before.agentRestarts ?? 0) : restarts;
}

/** It starts and fails again and again, which no waiting mends. */
export const crashLoops = (scope: NodeScope, agent: AgentPod): boolean =>
  !agent.ready && crashesOf(scope, agent) >= crashesBelieved && agent.lastFailure !== "";

/** An agent that crash-loops is given up; a second attempt first makes its pod anew, which also ends the kubelet's back-off. */
export function giveUpOn(scope: NodeScope, agent: AgentPod): void {
  if (!crashLoops(scope, agent) || isRecreated(scope, agent) || (scope.again && recreatedAgents(scope) === 0)) return;
  const facts = { node: scope.node, restarts: crashesOf(scope, agent), said: agent.lastFailure };
  throw new CrossfadeError("AGENT_FAILED", reason("agent-crash-loops", facts, againOrBack));
}
