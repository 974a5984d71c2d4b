import { inParts } from "../model/in-parts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { noOldAddress, recreateOld } from "../observe/no-old-address.ts";
import { probeAwaited } from "../observe/start-trouble.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";

/** Agents that are asked side by side, each by a command that takes a second and more. */
const nodesAtOnce = 16;

/** Nodes of which the agent said so. */
const converged = remembered(() => new Set<string>());

async function nodeConverged({ ports, memory }: RunScope, node: string): Promise<Observation> {
  if (memory.of(converged).has(node)) return done;
  const status = await ports.cilium.agentStatus(node);
  if (!status.writesCniConf || status.cniFile !== "Ok") {
    const params = { node, state: status.cniFile, message: status.cniFileMessage };
    return waiting("cni-conf-not-written", params, { object: theNode(node) });
  }
  memory.of(converged).add(node);
  return done;
}

async function traffic({ ports, plan, nodes, signal }: RunScope): Promise<Observation> {
  const ends = (await probeEnds(ports, plan)).filter(({ pod }) => nodes.includes(pod.node));
  const silent = nodes.find((name) => !ends.some(({ pod }) => pod.node === name));
  if (silent !== undefined) return probeAwaited(ports, silent);
  const questions = ends.flatMap((end) => crossingsOf(end, ends));
  return passed(await trafficOf(ports, questions, signal), "cilium-traffic-lost");
}

/** Verifies that the whole cluster is on Cilium before anything of the hybrid phase is removed. */
export const check: RunStep = {
  id: "check",
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
  rollback: "nothing-to-roll-back",
};
