import { agentNotReadyTaint, rebootPodLabel } from "../model/cilium-names.ts";
import type { NodeFacts } from "../model/facts.ts";
import { done, type NodeScope, type Observation, type Step, waiting } from "../model/step.ts";
import { keepNodeConfig, madeAnew, makeAgentAnew } from "../observe/agent-anew.ts";
import { notReady } from "../observe/node-readiness.ts";
import { agentAwaited } from "../observe/start-trouble.ts";
import { nodeOf } from "./precheck.ts";
import { agentOn, crashLoops, giveUpOn, tookOver } from "./restart-agent.ts";

/** The agent is Ready, has written its configuration, and no taint of its keeps pods away. */
export async function agentBack(scope: NodeScope): Promise<Observation> {
  const agent = await agentOn(scope);
  if (!agent) return agentAwaited(scope, scope.node);
  const taken = await tookOver(scope, agent);
  if (!taken.done) return taken;
  const { taints } = await nodeOf(scope);
  if (!taints.some(({ key }) => key === agentNotReadyTaint)) return done;
  return waiting(`the taint ${agentNotReadyTaint} to go`, "the Cilium operator", `Node ${scope.node}`);
}

/** The reboot pod of ours must not outlive its reboot: a later one would be taken for done. */
export async function rebootPodGone({ ports, node }: NodeScope): Promise<Observation> {
  const left = (await ports.pods.onFresh(node)).find(({ labels }) => labels.app === rebootPodLabel);
  return left ? waiting(`our pod ${left.name} to go`, "its deletion", `Pod ${left.namespace}/${left.name}`) : done;
}

/** An agent that found no CiliumNodeConfig when its init containers ran, as they do at each boot, has let the node go: it is made anew. */
export async function keepTakenOver(scope: NodeScope): Promise<void> {
  const agent = await agentOn(scope);
  if (!agent) return;
  const secondTry = scope.again && crashLoops(scope, agent) && madeAnew(scope) === 0;
  const outdated = agent.ready && !(await scope.ports.cilium.agentStatus(scope.node)).writesCniConf;
  if (!secondTry && !outdated) return;
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
  retriable: ["AGENT_FAILED"],
  async observe(scope) {
    const facts = await nodeOf(scope);
    if (!facts.ready) return notReady(facts);
    tellMoved(scope, facts);
    const agent = await agentOn(scope);
    if (agent) giveUpOn(scope, agent);
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
