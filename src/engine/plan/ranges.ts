import { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import { reason } from "../model/reason.ts";
import { type Cidr, covers, formatCidr, hostCidr, parseAddress, parseCidr } from "../net/cidr.ts";

/** A range that the new pod CIDR has to keep away from. */
export interface UsedRange {
  readonly range: Cidr;
  readonly text: string;
  /** Who uses it, in words. */
  readonly what: string;
  /** Only a guess (a node's neighbourhood, Docker's default): a warning, and avoided where there is a choice. */
  readonly guess: boolean;
}

type Named = readonly [text: string, what: string];

function ranged([text, what]: Named): readonly UsedRange[] {
  const address = parseAddress(text);
  const range = address ? hostCidr(address) : parseCidr(text);
  return range ? [{ range, text, what, guess: false }] : [];
}

/** An operator's own range that is no range must not be passed over. */
function checked(text: string): Named {
  if (parseCidr(text)) return [text, "a range that you named"];
  throw new CrossfadeError("USAGE", reason("not-a-range", { range: text }));
}

function neighbourhood(text: string, prefix: number, what: string): readonly UsedRange[] {
  const range = parseCidr(`${text}/${prefix}`);
  return range && range.family === 4 ? [{ range, text: formatCidr(range), what, guess: true }] : [];
}

/** One that was switched off is kept free where there is a choice: who switches it on again has its addresses given out. */
const ofSource = ({ otherRanges = [] }: SourceFacts): readonly UsedRange[] =>
  otherRanges.flatMap(({ cidr, what, inUse }) => ranged([cidr, what]).map((range) => ({ ...range, guess: !inUse })));

function guesses(facts: ClusterFacts): readonly UsedRange[] {
  const around = facts.nodes.flatMap(({ name, internalIps }) =>
    internalIps.flatMap((ip) => neighbourhood(ip, 16, `the network around node ${name}`)),
  );
  const services =
    facts.serviceCidrs.length > 0 ? [] : neighbourhood("10.96.0.0", 12, "Kubernetes' default service range");
  return [...neighbourhood("172.17.0.0", 16, "Docker's default bridge"), ...services, ...around];
}

/** Every range that is known to be used, and some that probably are; what lies in a named one is not named again. */
export function rangesInUse(
  facts: ClusterFacts,
  source: SourceFacts,
  extraCidrs: readonly string[],
): readonly UsedRange[] {
  const wide: readonly Named[] = [
    ...source.podCidrs.map((text): Named => [text, "the old CNI's pods"]),
    ...facts.serviceCidrs.map((text): Named => [text, "services"]),
    ...extraCidrs.map(checked),
    ...facts.nodes.flatMap(({ name, podCidrs }) => podCidrs.map((text): Named => [text, `pods of node ${name}`])),
  ];
  const single: readonly Named[] = [
    ...facts.nodes.flatMap(({ name, internalIps }) => internalIps.map((ip): Named => [ip, `node ${name}`])),
    ...facts.services.map(({ namespace, name, clusterIp }): Named => [clusterIp, `Service ${namespace}/${name}`]),
    ...facts.pods.flatMap(({ namespace, name, ips }) => ips.map((ip): Named => [ip, `Pod ${namespace}/${name}`])),
    ...facts.ownAddresses.map((ip): Named => [ip, "this machine"]),
  ];
  const known = wide.flatMap(ranged);
  // A pod that is on Cilium already stands in nobody's way: its address is one of the pool's own.
  const ciliums = facts.ciliumNodes
    .flatMap(({ podCidrs }) => podCidrs.map((text): Named => [text, ""]))
    .flatMap(ranged);
  const broad = [...known.filter(({ what }) => !what.startsWith("pods of node")), ...ciliums];
  const lone = single.flatMap(ranged).filter(({ range }) => !broad.some((wider) => covers(wider.range, range)));
  return [...known, ...ofSource(source), ...lone, ...guesses(facts)];
}
