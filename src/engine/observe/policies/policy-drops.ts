import { inParts } from "../../model/in-parts.ts";
import type { PolicyVerdict } from "../../model/policies/policy-verdict.ts";
import type { Ports } from "../../model/ports/ports.ts";
import type { RunScope } from "../../model/step.ts";

/** Agents that are asked for their counters side by side. */
const askedAtOnce = 16;
/** Agents that are listened to side by side; where there are more nodes, the counters say which. */
const heardAtOnce = 32;

/** For how long what policies refuse is watched. */
export const watchedMs = 30_000;

export interface DropsSeen {
  readonly verdicts: readonly PolicyVerdict[];
  /** Nodes that dropped packets for policies, and whose agent told of none. */
  readonly unheard: readonly string[];
}

type Watching = Pick<RunScope, "nodes" | "signal"> & { readonly ports: Pick<Ports, "cilium" | "clock"> };

async function drops({ ports }: Watching, nodes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts: (readonly [string, number])[] = [];
  for (const together of inParts(nodes, askedAtOnce))
    counts.push(
      ...(await Promise.all(together.map(async (node) => [node, await ports.cilium.policyDrops(node)] as const))),
    );
  return new Map(counts);
}

async function heard({ ports, signal }: Watching, nodes: readonly string[]): Promise<readonly PolicyVerdict[]> {
  const told = nodes.map((node) => ports.cilium.policyVerdicts(node, watchedMs, signal));
  return (await Promise.all(told)).flat();
}

type Counts = ReadonlyMap<string, number>;

const grown = (before: Counts, after: Counts): readonly string[] =>
  [...after].flatMap(([node, count]) => (count > (before.get(node) ?? 0) ? [node] : []));

/**
 * Watches every node for half a minute: by the kernel's counters all of them, by ear as many as can be heard at once. Where a
 * counter grew and nothing was heard, that node is listened to once more.
 */
export async function watchDrops(watching: Watching): Promise<DropsSeen> {
  const { nodes, ports, signal } = watching;
  const before = await drops(watching, nodes);
  const inEarshot = nodes.length <= heardAtOnce ? nodes : [];
  const [first] = await Promise.all([heard(watching, inEarshot), ports.clock.sleep(watchedMs, signal)]);
  const after = await drops(watching, nodes);
  const tellers = (verdicts: readonly PolicyVerdict[]) => new Set(verdicts.map(({ node }) => node));
  const silent = grown(before, after).filter((node) => !tellers(first).has(node));
  if (silent.length === 0) return { verdicts: first, unheard: [] };
  const asked = silent.slice(0, heardAtOnce);
  const second = await heard(watching, asked);
  const again = grown(after, await drops(watching, asked)).filter((node) => !tellers(second).has(node));
  return { verdicts: [...first, ...second], unheard: [...again, ...silent.slice(heardAtOnce)] };
}
