import { CrossfadeError } from "../model/errors.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { reason } from "../model/reason.ts";
import { type Cidr, firstFree, formatCidr, parseCidr } from "../net/cidr.ts";
import { pickBeside } from "./one-range.ts";
import type { UsedRange } from "./ranges.ts";

/** The first, the last, the router's and the health endpoint's address of a node's piece serve no pod. */
const reserved = 4;

/** Length of the prefix that gives a node at least this many pod addresses; never smaller than a /24. */
export function maskFor(podsPerNode: number): number {
  return Math.min(24, 32 - Math.ceil(Math.log2(Math.max(1, podsPerNode) + reserved)));
}

/** Addresses that a node's piece has for pods. */
export function podsIn(maskSize: number): number {
  return 2 ** (32 - maskSize) - reserved;
}

/** What a pool is chosen for. */
export interface PoolRequest {
  readonly nodes: number;
  readonly maskSize: number;
}

/** Length of the prefix of a pool with room for this many nodes; never smaller than a /16. */
function poolPrefix({ nodes, maskSize }: PoolRequest): number {
  return Math.min(16, maskSize - Math.ceil(Math.log2(Math.max(1, nodes))));
}

/** Private ranges in the order of preference; the low half of 10.0.0.0/8 last, because networks start to grow there. */
const preferred = ["10.245.0.0/16", "10.128.0.0/9", "10.0.0.0/9", "172.16.0.0/12", "100.64.0.0/10", "10.0.0.0/8"];

function pick(prefix: number, inUse: readonly Cidr[]): Cidr | null {
  for (const text of preferred) {
    const from = parseCidr(text);
    const free = from && firstFree(from, prefix, inUse);
    if (free) return free;
  }
  return null;
}

/** The same as `pickPodCidr` beside the old CNI's range, with one range over both; null where there is no such. */
export function pickPodCidrBeside(
  source: SourceFacts,
  { nodes, maskSize }: PoolRequest,
  used: readonly UsedRange[],
): string | null {
  return (
    pickBeside(source, poolPrefix({ nodes: 2 * nodes, maskSize }), used) ??
    pickBeside(source, poolPrefix({ nodes, maskSize }), used)
  );
}

/**
 * A private range that touches nothing in use, with room for twice as many nodes as there are. Where there is no such
 * room the guesses are given up first, then the room to grow. Throws BLOCKED where nothing is free.
 */
export function pickPodCidr({ nodes, maskSize }: PoolRequest, used: readonly UsedRange[]): string {
  const sure = used.filter(({ guess }) => !guess).map(({ range }) => range);
  const all = used.map(({ range }) => range);
  for (const [wanted, inUse] of [
    [2 * nodes, all],
    [2 * nodes, sure],
    [nodes, sure],
  ] as const) {
    const found = pick(poolPrefix({ nodes: wanted, maskSize }), inUse);
    if (found) return formatCidr(found);
  }
  throw new CrossfadeError("BLOCKED", reason("no-free-range", { nodes, maskSize }));
}
