import { podLabel } from "../drain/judge.ts";
import { inParts } from "../model/in-parts.ts";
import { done, type Observation, type RunScope, type RunStep, waiting } from "../model/step.ts";
import { probeAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";
import { podsOfNetwork } from "../steps/recycle-pods.ts";

/** Agents that are asked side by side, each by a command that takes a second and more. */
const nodesAtOnce = 16;

async function nodeConverged({ ports, acts }: RunScope, node: string): Promise<Observation> {
  if (acts.has(node)) return done;
  const status = await ports.cilium.agentStatus(node);
  if (!status.writesCniConf || status.cniFile !== "Ok")
    return waiting(`the agent on ${node} to manage the CNI configuration (${status.cniFile})`, "the agent");
  acts.add(node);
  return done;
}

export async function noOldAddress({ ports, plan }: RunScope): Promise<Observation> {
  const old = await podsOfNetwork(ports, plan, await ports.pods.list(), "source");
  const [first] = old;
  return first
    ? waiting(
        `${old.length} pods with old addresses, ${podLabel(first)} first`,
        "recreating them",
        `Pod ${podLabel(first)}`,
      )
    : done;
}

/** A pod that was born on a node that joined late still holds an old address: its controller makes it anew. */
export async function recreateOld({ ports, plan }: RunScope): Promise<void> {
  const old = await podsOfNetwork(ports, plan, await ports.pods.list(), "source");
  for (const pod of old.filter(({ owner, mirror, terminatingAt }) => owner && !mirror && terminatingAt === null)) {
    if (pod.owner?.kind === "DaemonSet") await ports.pods.delete(pod);
    else await ports.pods.evict(pod);
  }
}

async function traffic({ ports, plan, nodes, signal }: RunScope): Promise<Observation> {
  const ends = (await probeEnds(ports, plan)).filter(({ pod }) => nodes.includes(pod.node));
  const silent = nodes.find((name) => !ends.some(({ pod }) => pod.node === name));
  if (silent !== undefined) return probeAwaited(ports, silent);
  const questions = ends.flatMap((end) => crossingsOf(end, ends));
  return passed(await trafficOf(ports, questions, signal), "the datapath");
}

/** Proves the whole cluster on Cilium before anything of the hybrid phase is taken away. */
export const check: RunStep = {
  id: "check",
  title: "Prove the whole cluster on Cilium",
  timeoutMs: 30 * 60_000,
  async observe(scope) {
    for (const together of inParts(scope.nodes, nodesAtOnce)) {
      const seen = await Promise.all(together.map((node) => nodeConverged(scope, node)));
      const open = seen.find(({ done: is }) => !is);
      if (open) return open;
    }
    const addresses = await noOldAddress(scope);
    return addresses.done ? traffic(scope) : addresses;
  },
  apply: recreateOld,
  undo: "nothing-to-undo",
};
