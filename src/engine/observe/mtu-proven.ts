import { inParts } from "../model/in-parts.ts";
import { note } from "../model/notes/note.ts";
import { askingAgain, done, type Observation, waiting } from "../model/observation.ts";
import { firstOf } from "../model/reason.ts";
import type { RunScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { passed, trafficOf } from "../probes/ask.ts";
import { crossingsOf } from "../probes/crossings.ts";
import { probeEnds } from "../probes/ends.ts";

/** Nodes that are looked at side by side, each by a command in a pod. */
const nodesAtOnce = 16;
/** On a real cluster Cilium followed 5 s after the old CNI's device was gone. */
const followsMs = 60_000;

const proving = remembered(() => ({ since: null as number | null, isTold: false }));

interface OfNode {
  readonly node: string;
  readonly mtu: number;
}

async function podMtus({ ports, nodes }: RunScope): Promise<readonly OfNode[]> {
  const pods = (await ports.prober.pods()).filter(({ ready, node }) => ready && nodes.includes(node));
  const seen: OfNode[] = [];
  for (const together of inParts(pods, nodesAtOnce)) {
    const looks = await Promise.all(together.map((pod) => ports.prober.look(pod)));
    for (const [index, { podMtu }] of looks.entries())
      if (podMtu !== null) seen.push({ node: together[index]?.node ?? "", mtu: podMtu });
  }
  return seen;
}

/** Every sample carries a packet of full size. */
async function fullSizePasses({ ports, plan, nodes, signal }: RunScope): Promise<Observation> {
  const ends = (await probeEnds(ports, plan)).filter(({ pod }) => nodes.includes(pod.node));
  const questions = ends.flatMap((end) => crossingsOf(end, ends));
  return passed(await trafficOf(ports, questions, signal), "cilium-traffic-lost");
}

/**
 * Once the old CNI's device is gone Cilium raises the MTU of pods that run, by itself: to what the plan says, or to one on
 * all nodes. Where it does not, that is told and stops no one: smaller packets pass as well.
 */
export async function mtuProven(scope: RunScope): Promise<Observation> {
  const { ports, plan, memory, log } = scope;
  const known = memory.of(proving);
  if (known.isTold) return done;
  const now = ports.clock.now();
  known.since ??= now;
  const seen = await podMtus(scope);
  const most = Math.max(0, ...seen.map(({ mtu }) => mtu));
  const wanted = plan.cilium.mtu ?? most;
  const others = seen.filter(({ mtu }) => mtu !== wanted);
  const [first, more] = firstOf(others.map(({ node, mtu }) => `${node}: ${mtu}`));
  if (others.length > 0 && now - known.since < followsMs)
    return askingAgain(waiting("pod-mtus-behind", { wanted, nodes: first, more }));
  const traffic = await fullSizePasses(scope);
  if (!traffic.done) return traffic;
  known.isTold = true;
  if (others.length > 0) log("warning", note("pod-mtus-other", { wanted, nodes: first }));
  else if (seen.length > 0) log("info", note("pod-mtus-proven", { mtu: wanted, nodes: seen.length }));
  return done;
}
