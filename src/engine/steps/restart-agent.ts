import { ciliumConfFile } from "../model/cilium-names.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { AgentPod } from "../model/ports.ts";
import { done, type NodeScope, type Observation, type Step, waiting } from "../model/step.ts";
import { isMadeAnew, keepNodeConfig, madeAnew, makeAgentAnew } from "../observe/agent-anew.ts";
import { activeFiles } from "../observe/cni-files.ts";
import { cniFoldersOf } from "../observe/cni-folders.ts";
import { restartsInWords } from "../observe/crash-words.ts";
import { agentAwaited, agentNotReady } from "../observe/start-trouble.ts";

/** The node's agent; null where it has none. */
export async function agentOn({ ports, node }: Pick<NodeScope, "ports" | "node">): Promise<AgentPod | null> {
  return (await ports.cilium.agents()).find((agent) => agent.node === node) ?? null;
}

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

/** From the fourth restart on a kubelet waits a minute and longer: what failed so often does not heal by waiting. */
const crashesBelieved = 4;

/** An agent reads its configuration only when its pod is created: one with the old uid has not heard of the label. */
async function outdated(scope: NodeScope, agent: AgentPod): Promise<boolean> {
  if (agent.ref.uid === scope.before?.agentUid) return true;
  return agent.ready && !(await scope.ports.cilium.agentStatus(scope.node)).writesCniConf;
}

/** Crashes of the agent that are none of the time before the move, nor the start that a reboot is. */
function crashesOf({ before }: NodeScope, { ref, restarts }: AgentPod): number {
  const asked = before?.rebootAsked?.agent;
  if (asked?.uid === ref.uid) return restarts - asked.restarts - 1;
  return ref.uid === before?.agentUid ? restarts - (before.agentRestarts ?? 0) : restarts;
}

/** It starts and fails again and again, which no waiting mends. */
export const crashLoops = (scope: NodeScope, agent: AgentPod): boolean =>
  !agent.ready && crashesOf(scope, agent) >= crashesBelieved && agent.lastFailure !== "";

/** An agent that crash-loops is given up; a second attempt first makes its pod anew, which also ends the kubelet's back-off. */
export function giveUpOn(scope: NodeScope, agent: AgentPod): void {
  if (!crashLoops(scope, agent) || isMadeAnew(scope, agent) || (scope.again && madeAnew(scope) === 0)) return;
  throw new CrossfadeError(
    "AGENT_FAILED",
    `the Cilium agent on ${agent.node} crash-loops (${restartsInWords(crashesOf(scope, agent))}): ${agent.lastFailure}`,
    "mend the cause and press r, or press u to take the node back",
  );
}

/** No watch tells of a file; an agent that writes it does so within seconds, and one that does not is asked for minutes. */
const lookAgainMs = 5_000;

/** The agent's word is not enough: where its folder is not the node's, every new pod would stay on the old network. */
async function fileThere({ ports, node }: NodeScope, object: string): Promise<Observation> {
  const files = activeFiles(await ports.hosts.cniFiles(node));
  if (files.includes(ciliumConfFile)) return done;
  return {
    ...waiting(
      `${ciliumConfFile} on ${node}: its agent says that it wrote it, and the node has ${files.join(", ") || "no CNI file"}`,
      "the agent",
      object,
    ),
    dueInMs: lookAgainMs,
    remedy: `see whether the agent mounts the folder that ${node} uses (cni.confPath in your values), then press r, or press u to take the node back`,
  };
}

/** Ready, with the node's configuration read since it was labelled, and the CNI file where the runtime looks for it. */
export async function tookOver(scope: NodeScope, agent: AgentPod): Promise<Observation> {
  const object = `Pod ${agent.ref.namespace}/${agent.ref.name}`;
  if (!agent.ready) return agentNotReady(agent, agent.restarts - crashesOf(scope, agent));
  const status = await scope.ports.cilium.agentStatus(scope.node);
  if (status.podUid !== agent.ref.uid) return waiting("the new agent to answer", "the agent", object);
  if (!status.writesCniConf)
    return waiting("an agent that has read the CiliumNodeConfig", "restarting the agent", object);
  if (status.cniFile === "Ok") return fileThere(scope, object);
  return waiting(
    `the agent to write its CNI configuration (${status.cniFile}: ${status.cniFileMessage})`,
    "the agent",
    object,
  );
}

/** Recreates the node's agent and waits for a pod with a new uid that has taken the node over; passed over where the node is rebooted, which starts it anew. */
export const restartAgent: Step = {
  id: "restart-agent",
  title: "Restart the Cilium agent so that it takes over",
  timeoutMs: 10 * 60_000,
  retriable: true,
  async observe(scope) {
    if (await startsByReboot(scope)) return { done: true, note: "the reboot starts it anew" };
    const agent = await agentOn(scope);
    if (!agent) return agentAwaited(scope, scope.node);
    if (agent.ref.uid === scope.before?.agentUid) return waiting("the old agent to go", "its deletion");
    giveUpOn(scope, agent);
    return tookOver(scope, agent);
  },
  async apply(scope) {
    const agent = await agentOn(scope);
    if (!agent) return;
    const secondTry = scope.again && madeAnew(scope) === 0;
    if (!secondTry && !(await outdated(scope, agent))) return;
    await keepNodeConfig(scope);
    await makeAgentAnew(scope, agent);
  },
  undo: ["undo-agent", "undo-files", "undo-source"],
};
