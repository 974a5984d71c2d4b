import type { SourceFacts } from "../model/plan-types.ts";
import { type Cidr, covers, firstFree, formatCidr, overlaps, parseCidr } from "../net/cidr.ts";
import type { UsedRange } from "./ranges.ts";

/** Beyond these, addresses are other people's: traffic to them must be masqueraded. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map(parseCidr);

const isPrivate = (range: Cidr) => privateRanges.some((one) => one !== null && covers(one, range));

const widened = ({ family, base }: Cidr, prefix: number): Cidr => {
  const hostBits = BigInt(32 - prefix);
  return { family, base: (base >> hostBits) << hostBits, prefix };
};

function parsed(texts: readonly string[]): readonly Cidr[] | null {
  const all = texts.map(parseCidr);
  return all.every((range) => range?.family === 4) ? all.filter((range) => range !== null) : null;
}

/**
 * How many bits shorter than the shortest prefix inside: beyond, most of it is nobody's that is known here, and may be
 * machines outside the cluster, which answer a pod only where its address was masqueraded.
 */
const mostWidening = 3;

/** Private ranges that cover all of these, the narrowest first; none that touches what others use, or holds much besides. */
function covering(inside: readonly Cidr[], used: readonly Cidr[]): readonly Cidr[] {
  const [first] = inside;
  if (!first) return [];
  const shortest = Math.min(...inside.map(({ prefix }) => prefix));
  const foreign = used.filter((range) => !inside.some((own) => covers(own, range)));
  return Array.from({ length: first.prefix + 1 }, (_, index) => widened(first, first.prefix - index)).filter(
    (wide) =>
      wide.prefix >= shortest - mostWidening &&
      inside.every((range) => covers(wide, range)) &&
      isPrivate(wide) &&
      !foreign.some((range) => overlaps(wide, range)),
  );
}

/**
 * The one range over the old CNI's pods and Cilium's, with nothing else in it; null where there is none. Cilium then leaves
 * the addresses of its pods as they are on their way to the others (ipv4-native-routing-cidr), and a policy engine that
 * knows pods by address goes on knowing those that were moved.
 */
export function oneRange(source: SourceFacts, podCidr: string, used: readonly UsedRange[]): string | null {
  const inside = parsed([...source.podCidrs, podCidr]);
  if (inside === null) return null;
  const sure = used.filter(({ guess }) => !guess).map(({ range }) => range);
  const [narrowest] = covering(inside, sure);
  return narrowest === undefined ? null : formatCidr(narrowest);
}

/** A free range of this prefix beside the old CNI's, so that one range covers both; null where there is none. */
export function pickBeside(source: SourceFacts, prefix: number, used: readonly UsedRange[]): string | null {
  const old = parsed(source.podCidrs);
  if (old === null) return null;
  // Nobody lives in what it switched off: that may lie between, if it is not taken.
  const off = (source.otherRanges ?? []).filter(({ inUse }) => !inUse).map(({ cidr }) => cidr);
  for (const inUse of [used, used.filter(({ guess }) => !guess)]) {
    const ranges = inUse.map(({ range }) => range);
    const foreign = inUse.filter(({ text }) => !off.includes(text)).map(({ range }) => range);
    for (const wide of covering(old, foreign)) {
      const free = firstFree(wide, prefix, [...old, ...ranges]);
      if (free) return formatCidr(free);
    }
  }
  return null;
}
