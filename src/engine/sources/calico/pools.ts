import type { SourceObject } from "../../model/cluster/source-object.ts";
import { CrossfadeError } from "../../model/errors.ts";
import type { ClusterFacts } from "../../model/facts.ts";
import type { Encapsulation, SourceRange } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { contains, parseCidr } from "../../net/cidr.ts";
import { calicoAnnotation } from "./leftovers.ts";
import type { FelixSettings } from "./settings.ts";

/** How packets of one pool's pods cross between nodes. */
export type Wrapping = "vxlan" | "vxlan-crosssubnet" | "ipip" | "ipip-crosssubnet" | "none";

export interface Pool {
  readonly name: string;
  readonly cidr: string;
  readonly wrapping: Wrapping;
}

const refuse = (source: string, kind: string, name: string, what: string) =>
  new CrossfadeError("NO_SOURCE", reason("source-object-unreadable", { source, kind, name, what }));

function wrappingOf({ spec }: SourceObject): Wrapping {
  for (const [field, protocol] of [
    ["vxlanMode", "vxlan"],
    ["ipipMode", "ipip"],
  ] as const) {
    const said = spec[field];
    const mode = typeof said === "string" ? said.toLowerCase() : "never";
    if (mode === "always") return protocol;
    if (mode === "crosssubnet") return `${protocol}-crosssubnet`;
  }
  return "none";
}

const rangeOf = ({ spec: { cidr } }: SourceObject): string | null =>
  typeof cidr === "string" && parseCidr(cidr) ? cidr : null;

function isForPods({ spec }: SourceObject): boolean {
  const uses = spec["allowedUses"];
  return !Array.isArray(uses) || uses.length === 0 || uses.includes("Workload");
}

const isOff = ({ spec }: SourceObject): boolean => spec["disabled"] === true;

type InUse = Pick<ClusterFacts, "pods" | "nodes" | "ciliumNodes">;

/** Addresses of its IPAM that are in use: pods', and those of the nodes' tunnel devices; what Cilium gave out is none of them. */
function givenOut({ pods, nodes, ciliumNodes }: InUse): readonly string[] {
  const ciliums = ciliumNodes.flatMap(({ podCidrs }) => podCidrs);
  const ofPods = pods.filter(({ hostNetwork }) => !hostNetwork).flatMap(({ ips }) => ips);
  const ofTunnels = nodes.flatMap(({ annotations }) =>
    ["IPv4VXLANTunnelAddr", "IPv4IPIPTunnelAddr"].flatMap((name) => annotations[calicoAnnotation + name] ?? []),
  );
  return [...ofPods.filter((ip) => !ciliums.some((cidr) => contains(cidr, ip))), ...ofTunnels];
}

/** No pod gets an address of it any more, but those that have one keep it: Calico goes on carrying their packets. */
function isLivedIn(object: SourceObject, addresses: readonly string[]): boolean {
  const cidr = rangeOf(object);
  return cidr !== null && addresses.some((address) => contains(cidr, address));
}

/**
 * The pools that pods have addresses of, also those switched off in which some still live. Throws NO_SOURCE where one cannot be
 * read, or where there is none.
 */
export function podPools(source: string, objects: readonly SourceObject[], facts: InUse): readonly [Pool, ...Pool[]] {
  const addresses = givenOut(facts);
  const forPods = objects.filter((object) => isForPods(object) && (!isOff(object) || isLivedIn(object, addresses)));
  const pools = forPods.map((object): Pool => {
    const { name } = object.metadata;
    const cidr = rangeOf(object);
    if (cidr !== null) return { name, cidr, wrapping: wrappingOf(object) };
    const { cidr: said } = object.spec;
    throw refuse(source, "IPPool", name, said === undefined ? "it has no cidr" : "its cidr is no address range");
  });
  const [first, ...others] = pools;
  if (!first) throw new CrossfadeError("NO_SOURCE", reason("source-objects-missing", { source, kind: "IPPool" }));
  return [first, ...others];
}

/** The ranges of all other pools: switched off, or for tunnels or load balancers alone. */
export function otherRanges(objects: readonly SourceObject[], pools: readonly Pool[]): readonly SourceRange[] {
  const others = objects.filter(({ metadata }) => pools.every(({ name }) => name !== metadata.name));
  return others.flatMap((object): readonly SourceRange[] => {
    const cidr = rangeOf(object);
    if (cidr === null) return [];
    const pool = `IPPool ${object.metadata.name}`;
    return [
      isOff(object)
        ? { cidr, what: `${pool}, which is disabled`, inUse: false }
        : { cidr, what: `${pool}, which is not for pods`, inUse: true },
    ];
  });
}

/** By one word where all pools are alike. */
export const modeOf = (pools: readonly Pool[]): string =>
  [...new Set(pools.map(({ wrapping }) => wrapping))].toSorted().join(" and ");

/** Port and VNI of VXLAN are Felix's; IPIP is a protocol of its own, without ports. */
export function encapsulationsOf(pools: readonly Pool[], felix: FelixSettings): readonly Encapsulation[] {
  const whole = (field: string, usual: number): number => {
    const said = felix(field);
    const value = typeof said === "string" ? Number(said) : said;
    return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : usual;
  };
  const vxlan: Encapsulation = { protocol: "vxlan", port: whole("vxlanPort", 4789), vni: whole("vxlanVNI", 4096) };
  const has = (protocol: string) => pools.some(({ wrapping }) => wrapping.startsWith(protocol));
  return [
    ...(has("vxlan") ? [vxlan] : []),
    ...(has("ipip") ? [{ protocol: "ipip", port: null, vni: null } as const] : []),
  ];
}
