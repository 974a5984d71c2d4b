import { cleanOfCilium } from "../cleaning/clean-of-cilium.ts";
import { cleanersAwaited, nodesAtOnce, reachable } from "../cleaning/cleaner-pods.ts";
import { agentNotReadyTaint, operatorLease } from "../model/cilium-names.ts";
import type { ObjectRef } from "../model/cluster/object-ref.ts";
import { virtualMark } from "../model/cluster/virtual-node.ts";
import type { NodeFacts } from "../model/facts.ts";
import { inParts } from "../model/in-parts.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { firstOf } from "../model/reason.ts";
import type { RollbackRunStep, RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";

const looked = remembered(() => ({ nodes: new Set<string>(), atApi: false }));

/** Agents ran on every Linux machine, moved, excluded or outside of the run. */
const isMachine = (node: NodeFacts) => virtualMark(node) === null && node.operatingSystem !== "windows";

const unlooked = ({ memory }: RunScope, nodes: readonly NodeFacts[]) =>
  nodes.filter(isMachine).filter(({ name }) => !memory.of(looked).nodes.has(name));

const namesOf = (nodes: readonly NodeFacts[]) => nodes.map(({ name }) => name);

const tainted = (nodes: readonly NodeFacts[]) =>
  nodes.filter(({ taints }) => taints.some(({ key }) => key === agentNotReadyTaint));

const leaseOf = ({ plan }: RunScope): ObjectRef => ({
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace: plan.cilium.namespace,
  name: operatorLease,
});

/** An operator that still runs writes its Lease, and the taint, again. */
async function operatorsLeft({ ports, plan }: RunScope): Promise<number> {
  const pods = await ports.pods.list();
  return pods.filter(
    ({ namespace, labels }) => namespace === plan.cilium.namespace && labels["io.cilium/app"] === "operator",
  ).length;
}

/** Removes the Lease that nobody holds, and names what stays: CRDs hold objects of their users', policies among them. */
async function cleanApi(scope: RunScope): Promise<void> {
  const { ports, plan, memory, log } = scope;
  const lease = leaseOf(scope);
  if ((await ports.workloads.existing([lease])).length > 0) {
    await ports.workloads.delete(lease);
    log("info", note("lease-removed", { namespace: plan.cilium.namespace, name: operatorLease }));
    return;
  }
  const kinds = await ports.cilium.servedKinds();
  const nodes = kinds.includes("ciliumnodes") ? (await ports.cilium.nodes()).length : 0;
  log("info", kinds.length === 0 ? note("api-clean", {}) : note("cilium-kinds-left", { kinds, nodes }));
  memory.of(looked).atApi = true;
}

async function lookTogether(scope: RunScope, nodes: readonly NodeFacts[]): Promise<void> {
  const ends = await Promise.allSettled(
    nodes.map(async (node) => {
      if (await cleanOfCilium(scope, node)) scope.memory.of(looked).nodes.add(node.name);
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function observe(scope: RunScope): Promise<Observation> {
  const { ports, memory } = scope;
  const nodes = await ports.nodes.list();
  const bearing = tainted(nodes);
  if (bearing.length > 0) return waiting("agent-taint-left", { taint: agentNotReadyTaint, count: bearing.length });
  const operators = await operatorsLeft(scope);
  if (operators > 0) return waiting("operator-pods-left", { count: operators });
  const left = namesOf(unlooked(scope, nodes));
  if (left.length > 0) {
    const now = await reachable(scope, left);
    if (now.length === 0) return cleanersAwaited(scope, left);
    const [first, more] = firstOf(now);
    return { ...waiting("cilium-leftovers", { count: left.length, first, more }), dueInMs: 0 };
  }
  const cleaners = (await ports.cleaners.list()).length;
  if (cleaners > 0) return waiting("cleaner-pods-left", { count: cleaners });
  return memory.of(looked).atApi ? done : { ...waiting("cilium-api-leftovers", {}), dueInMs: 0 };
}

async function apply(scope: RunScope): Promise<void> {
  const { ports, plan, memory } = scope;
  const nodes = await ports.nodes.list();
  for (const { name } of tainted(nodes)) await ports.nodes.removeTaint(name, agentNotReadyTaint);
  if ((await operatorsLeft(scope)) > 0) return;
  const left = unlooked(scope, nodes);
  if (left.length > 0) {
    await ports.cleaners.start({ image: plan.options.probeImage, of: "cilium", nft: false });
    const now = await reachable(scope, namesOf(left));
    const reached = left.filter(({ name }) => now.includes(name));
    for (const together of inParts(reached, nodesAtOnce)) await lookTogether(scope, together);
    return;
  }
  await ports.cleaners.stop();
  // The cleaners may take a while to go: what was told is not told again.
  if (!memory.of(looked).atApi) await cleanApi(scope);
}

/**
 * helm uninstall leaves the taint behind, and then nothing schedules (cilium#31943), and files, links and programs on every
 * node. What is Cilium's and not in use is removed; what stays is named, with the reason.
 */
export const rollbackClean: RollbackRunStep = {
  id: "rollback-clean",
  timeoutMs: 60 * 60_000,
  observe,
  apply,
};
