import { drainRefused, judgeDrain } from "../drain/judge.ts";
import { note } from "../model/notes/note.ts";
import { type Observation, waiting } from "../model/observation.ts";
import { daemonSetsOf } from "../model/plan/source-workloads.ts";
import type { SourceWorkload } from "../model/plan-types.ts";
import { inTheWay, theNode } from "../model/reason.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { daemonsDown } from "../observe/daemons-back.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { renamedByCilium } from "../observe/recorded-folder.ts";
import { agentAwaited, agentNotReady } from "../observe/start-trouble.ts";
import { ownTraffic } from "../probes/own-traffic.ts";

async function missingSets({ ports, plan }: NodeScope): Promise<readonly SourceWorkload[]> {
  const sets = daemonSetsOf(plan.source);
  const there = await Promise.all(sets.map(({ namespace, name }) => ports.workloads.get("DaemonSet", namespace, name)));
  return sets.filter((_, index) => there[index] === null);
}

async function notWhole(scope: NodeScope): Promise<Observation | null> {
  const facts = await nodeOf(scope);
  if (!facts.ready) return notReady(facts);
  const [gone] = await missingSets(scope);
  if (gone !== undefined) {
    const { namespace, name } = gone;
    const object = inTheWay("DaemonSet", name, namespace);
    const of = daemonSetsOf(scope.plan.source).length;
    return waiting("source-daemonset-missing", { namespace, name, of }, { object });
  }
  return (await agentsWhole(scope)) ?? null;
}

/** Every agent on a Ready node answers: moving a node while another is half-connected would hide the cause. */
async function agentsWhole({
  ports,
  plan,
  excludedOrDeferred,
  nodes: members,
}: NodeScope): Promise<Observation | null> {
  const nodes = new Map((await ports.nodes.list()).map((node) => [node.name, node]));
  const agents = new Map((await ports.cilium.agents()).map((agent) => [agent.node, agent]));
  for (const [name, node] of nodes) {
    // One that waits to be taken back is known to be broken, and is mended after this one; an excluded one nobody waits for.
    const agent = agents.get(name);
    if (!node.ready || agent?.ready || excludedOrDeferred.includes(name) || !members.includes(name)) continue;
    return agent ? agentNotReady(agent) : agentAwaited({ ports, plan }, name);
  }
  return null;
}

async function refuseDrain({ ports, plan, node }: NodeScope): Promise<void> {
  const { refusals } = judgeDrain(await ports.pods.onFresh(node), await ports.workloads.list(), plan.options);
  if (refusals.length > 0) throw drainRefused(node, refusals);
}

/** Nothing has been changed yet: checks whether the node may be migrated now, and records its present state. */
export const precheck: Step = {
  id: "precheck",
  timeoutMs: 15 * 60_000,
  async observe(scope) {
    const hold = await notWhole(scope);
    if (hold) return hold;
    await refuseDrain(scope);
    if (!scope.before) return waiting("node-not-recorded", {}, { object: theNode(scope.node) });
    // What does not pass before the node is touched would be blamed on its move.
    return ownTraffic(scope, "source");
  },
  async apply(scope) {
    if (scope.before || (await notWhole(scope))) return;
    const { ports, node } = scope;
    const facts = await nodeOf(scope);
    const agent = (await ports.cilium.agents()).find((pod) => pod.node === node);
    const files = await ports.hosts.cniFiles(node);
    const down = await daemonsDown(scope);
    const renamed = renamedByCilium(files.map(({ name }) => name));
    scope.log("info", note("files-renamed", { node, files: renamed }));
    await scope.remember({
      at: ports.clock.now(),
      cordoned: facts.cordoned,
      bootId: facts.bootId,
      address: facts.internalIps[0] ?? "",
      cniFiles: files.map(({ name }) => name),
      agentUid: agent?.ref.uid ?? "",
      agentRestarts: agent?.restarts ?? 0,
      ...(down.length === 0 ? {} : { daemonsDown: down }),
    });
  },
  rollback: "nothing-to-roll-back",
};
