import {
  agentNotReadyTaint,
  ciliumConfFile,
  migrationLabel,
  neededCrds,
  nodeConfigName,
  operatorDeployment,
} from "../model/cilium-names.ts";
import { CrossfadeError } from "../model/errors.ts";
import { inParts } from "../model/in-parts.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { daemonSetNames, isPodOfSource } from "../model/plan/source-workloads.ts";
import { againOrAllBack, firstOf, inTheWay, named, reason } from "../model/reason.ts";
import type { RunScope, RunStep } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { agentAwaited, agentNotReady, probeAwaited, startTrouble } from "../observe/start-trouble.ts";
import { passed, type Traffic, trafficOf } from "../probes/ask.ts";
import type { Question } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";
import { overlayQuestions } from "../probes/overlay.ts";

async function established({ ports, plan }: RunScope): Promise<Observation> {
  const missing = await ports.cilium.crdsNotEstablished(neededCrds);
  if (missing.length === 0) return done;
  const trouble = await startTrouble(ports, { namespace: plan.cilium.namespace, name: operatorDeployment });
  const [crds, more] = firstOf(missing);
  return waiting("crds-missing", { crds, more, trouble });
}

async function agentsReady({ ports, plan, nodes }: RunScope): Promise<Observation> {
  const agents = new Map((await ports.cilium.agents()).map((agent) => [agent.node, agent]));
  for (const node of nodes) {
    const agent = agents.get(node);
    if (!agent) return agentAwaited({ ports, plan }, node);
    if (!agent.ready) return agentNotReady(agent);
  }
  return done;
}

async function ranged({ ports, nodes }: RunScope): Promise<Observation> {
  const known = new Map((await ports.cilium.nodes()).map((node) => [node.name, node]));
  const without = nodes.filter((name) => (known.get(name)?.podCidrs.length ?? 0) === 0);
  const [first] = without;
  if (first !== undefined)
    return waiting("pod-cidrs-missing", named(without), { object: inTheWay("CiliumNode", first) });
  const wrong = [...known.values()].find(({ error }) => error !== "");
  if (!wrong) return done;
  const { name: node, error } = wrong;
  return waiting("cilium-node-error", { node, error }, { object: inTheWay("CiliumNode", node) });
}

/** Others may bear it for good: a virtual node gets no agent, and an excluded one may be down. */
async function untainted({ ports, nodes }: RunScope): Promise<Observation> {
  const tainted = (await ports.nodes.list()).filter(
    ({ name, taints }) => nodes.includes(name) && taints.some(({ key }) => key === agentNotReadyTaint),
  );
  if (tainted.length === 0) return done;
  return waiting("agent-taint", { taint: agentNotReadyTaint, ...named(tainted.map(({ name }) => name)) });
}

/** What tells an agent to take a node over, whoever says it. */
const takingOver = ["write-cni-conf-when-ready", "custom-cni-conf", "cni-exclusive"];

/** A CiliumNodeConfig of somebody else's acts at each agent's next start, so it would undo our one-by-one. */
async function noOtherConfigApplies({ ports, plan }: RunScope): Promise<Observation> {
  const other = (await ports.cilium.nodeConfigs()).find(
    ({ namespace, name, defaults }) =>
      namespace === plan.cilium.namespace && name !== nodeConfigName && takingOver.some((key) => key in defaults),
  );
  if (!other) return done;
  const { namespace, name } = other;
  throw new CrossfadeError("TOOK_OVER", reason("other-node-config", { namespace, name }, againOrAllBack));
}

/** Nodes of which it is proven: not asked again. */
const proven = remembered(() => ({ inert: new Set<string>(), overlay: new Set<string>() }));

/** Nodes that are asked in one go, each by execs that take a second and more; what passed is not asked again. */
const nodesAtOnce = 16;

/** A node that was handed over by plan may have been taken over; no other may. */
async function inert(scope: RunScope): Promise<Observation> {
  const labelledNodes = new Set(
    (await scope.ports.nodes.list()).filter(({ labels }) => labels[migrationLabel] === "true").map(({ name }) => name),
  );
  const open = scope.nodes.filter((name) => !labelledNodes.has(name) && !scope.memory.of(proven).inert.has(name));
  for (const together of inParts(open, nodesAtOnce))
    await Promise.all(together.map((node) => tookNothing(scope, node)));
  return done;
}

async function tookNothing({ ports, memory }: RunScope, node: string): Promise<void> {
  const [status, files] = await Promise.all([ports.cilium.agentStatus(node), ports.hosts.cniFiles(node)]);
  if (status.writesCniConf || status.cniFile === "Ok" || files.some(({ name }) => name === ciliumConfFile)) {
    throw new CrossfadeError("TOOK_OVER", reason("cilium-took-over", { node }, againOrAllBack));
  }
  memory.of(proven).inert.add(node);
}

/** By traffic of our own: Cilium's health reports are minutes old, and do not know what they never tried. */
async function overlayWhole(scope: RunScope): Promise<Observation> {
  const { ports, plan, nodes, memory } = scope;
  const { tunnelProtocol: protocol, tunnelPort: port } = plan.cilium;
  const ends = await probeEnds(ports, plan);
  const without = nodes.find((name) => !ends.some(({ pod }) => pod.node === name));
  if (without !== undefined) return probeAwaited(ports, without);
  const facts = await ports.cilium.nodes();
  const unhealthy = nodes.find((name) => !facts.some((node) => node.name === name && node.healthIp !== null));
  if (unhealthy !== undefined)
    return waiting("health-endpoint-missing", { node: unhealthy }, { object: inTheWay("CiliumNode", unhealthy) });
  const open = overlayQuestions(ends, facts).filter(
    ([first]) => first && !memory.of(proven).overlay.has(first.from.node),
  );
  for (const together of inParts(open, nodesAtOnce)) {
    const found = await Promise.all(together.map((asked) => overlayFrom(scope, asked)));
    const lost = found.flatMap((traffic) => traffic.lost).toSorted();
    const unknown = found.flatMap((traffic) => traffic.unknown).toSorted();
    const seen = passed({ lost, unknown }, (paths) => reason("tunnel-traffic-lost", { protocol, port, ...paths }));
    if (!seen.done) return seen;
  }
  return done;
}

/** One node's questions to its peers; a node whose traffic passed is not asked again while others' does not. */
async function overlayFrom({ ports, memory, signal }: RunScope, asked: readonly Question[]): Promise<Traffic> {
  const traffic = await trafficOf(ports, asked, signal);
  const [first] = asked;
  if (first && traffic.lost.length === 0 && traffic.unknown.length === 0)
    memory.of(proven).overlay.add(first.from.node);
  return traffic;
}

/** By the pods of the nodes that take part: on a virtual node its pod never becomes Ready, and an excluded one is not waited for. */
async function sourceReady({ ports, plan, nodes }: RunScope): Promise<Observation> {
  const own = (await ports.pods.list()).filter((pod) => isPodOfSource(plan.source, pod));
  const serving = new Set(own.filter(({ ready }) => ready).map(({ node }) => node));
  const without = nodes.filter((name) => !serving.has(name));
  if (without.length === 0) return done;
  return waiting("source-pods-not-ready", { daemonSets: daemonSetNames(plan.source), ...named(without) });
}

/** Verifies, before any node is migrated, that Cilium runs, manages no node yet, and that its overlay is whole. */
export const verifyInstall: RunStep = {
  id: "verify-install",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    for (const proof of [
      established,
      noOtherConfigApplies,
      agentsReady,
      ranged,
      untainted,
      inert,
      overlayWhole,
      sourceReady,
    ]) {
      const seen = await proof(scope);
      if (!seen.done) return seen;
    }
    return done;
  },
  apply: () => Promise.resolve(),
  rollback: "nothing-to-roll-back",
};
