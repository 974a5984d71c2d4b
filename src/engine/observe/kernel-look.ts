import { inParts } from "../model/in-parts.ts";
import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import type { ProbeLook } from "../model/ports/prober.ts";
import { named } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { needsBtf } from "../values/needs-btf.ts";

/** Nodes that are looked at side by side, each by a command in a pod. */
const nodesAtOnce = 16;

const looked = remembered(() => new Map<string, ProbeLook>());

/** Pods of one MTU everywhere, or which nodes have smaller ones: large packets between those are what gets lost. */
function tellMtu({ log, plan }: RunScope, seen: ReadonlyMap<string, ProbeLook>): void {
  const known = [...seen].flatMap(([node, { podMtu }]) => (podMtu === null ? [] : [{ node, podMtu }]));
  if (known.length === 0) return;
  const sizes = known.map(({ podMtu }) => podMtu);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const source = plan.source.name;
  if (least === most) log("info", note("pod-mtu", { mtu: least, source }));
  else {
    const nodes = known.filter(({ podMtu }) => podMtu === least).map(({ node }) => node);
    log("warning", note("pod-mtus-differ", { least, most, source, nodes }));
  }
}

/** What only a pod can tell of a node: whether its kernel has what Cilium needs, and the MTU that pods have now. */
export async function kernelsFit(scope: RunScope, nodes: readonly string[]): Promise<Observation> {
  const { ports, plan, memory } = scope;
  const seen = memory.of(looked);
  const pods = (await ports.prober.pods()).filter(({ ready, node }) => ready && nodes.includes(node));
  const open = pods.filter(({ node }) => !seen.has(node));
  for (const together of inParts(open, nodesAtOnce))
    await Promise.all(together.map(async (pod) => seen.set(pod.node, await ports.prober.look(pod))));
  if (open.length > 0) tellMtu(scope, seen);
  const { version } = plan.cilium;
  const without = needsBtf(version) ? nodes.filter((node) => seen.get(node)?.btf === false) : [];
  return without.length === 0 ? done : waiting("btf-missing", { version, ...named(without) }, { clearedBy: "person" });
}
