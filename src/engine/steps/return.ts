import { agentNotReadyTaint, rebootPodLabel } from "../cilium-names.ts";
import type { NodeFacts } from "../facts.ts";
import { agentAwaited } from "../start-trouble.ts";
import { done, type NodeScope, type Observation, type Step, waiting } from "../step.ts";
import { keepNodeConfig, makeAgentAnew } from "./agent-anew.ts";
import { nodeOf } from "./gate.ts";
import { notReady } from "./readiness.ts";
import { agentTrouble } from "./restart-agent.ts";

/** The agent is Ready, has written its configuration, and no taint of its keeps pods away. */
export async function agentBack(scope: NodeScope): Promise<Observation> {
  const { ports, node } = scope;
  const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
  if (!agent) return agentAwaited(scope, node);
  if (!agent.ready) return waiting(agentTrouble(agent), "the agent", `Pod ${agent.ref.namespace}/${agent.ref.name}`);
  const status = await ports.cilium.agentStatus(node);
  if (status.cniFile !== "Ok")
    return waiting(`the agent to write its CNI configuration (${status.cniFile})`, "the agent");
  const { taints } = await nodeOf(scope);
  if (!taints.some(({ key }) => key === agentNotReadyTaint)) return done;
  return waiting(`the taint ${agentNotReadyTaint} to go`, "the Cilium operator", `Node ${node}`);
}

/** The reboot pod of ours must not outlive its reboot: a later one would be taken for done. */
export async function rebootPodGone({ ports, node }: NodeScope): Promise<Observation> {
  const left = (await ports.pods.onFresh(node)).find(({ labels }) => labels.app === rebootPodLabel);
  return left ? waiting(`our pod ${left.name} to go`, "its deletion", `Pod ${left.namespace}/${left.name}`) : done;
}

/** A reboot runs the agent's init containers again: one that found no CiliumNodeConfig then has let the node go. */
async function keepTakenOver(scope: NodeScope): Promise<void> {
  const { ports, node } = scope;
  const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
  if (!agent?.ready || (await ports.cilium.agentStatus(node)).writesCniConf) return;
  await keepNodeConfig(scope);
  await makeAgentAnew(scope, agent);
}

/** Routes, certificates and firewalls may know the old one: the traffic of `verify` tells whether it matters. */
function tellMoved({ before, node, acts, log }: NodeScope, { internalIps }: NodeFacts): void {
  const [now = ""] = internalIps;
  const told = `told of ${now}`;
  if (!before?.address || now === "" || now === before.address || acts.has(told)) return;
  acts.add(told);
  log("warning", `${node} came back under another address: ${now}, before ${before.address}; traffic will tell`);
}

/** Waits until the node is back with an agent that has taken over. */
export const comeBack: Step = {
  id: "return",
  title: "Wait for the node to come back",
  timeoutMs: ({ options }) => options.rebootTimeoutMs,
  async observe(scope) {
    const facts = await nodeOf(scope);
    if (!facts.ready) return notReady(facts);
    tellMoved(scope, facts);
    const back = await agentBack(scope);
    return back.done ? rebootPodGone(scope) : back;
  },
  async apply(scope) {
    const { ports, node } = scope;
    await ports.rebooter.tidy(node);
    await keepTakenOver(scope);
  },
  undo: "nothing-to-undo",
};
