import type { SourceObject } from "../../model/cluster/source-object.ts";
import { CrossfadeError } from "../../model/errors.ts";
import type { Encapsulation } from "../../model/plan-types.ts";
import { reason } from "../../model/reason.ts";
import { parseCidr } from "../../net/cidr.ts";
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

/** Pods get addresses of it: it is not switched off, and not for tunnels or load balancers alone. */
function servesPods({ spec }: SourceObject): boolean {
  const uses = spec["allowedUses"];
  return spec["disabled"] !== true && (!Array.isArray(uses) || uses.length === 0 || uses.includes("Workload"));
}

/** The pools that pods get addresses of. Throws NO_SOURCE where one cannot be read, or where there is none. */
export function podPools(source: string, objects: readonly SourceObject[]): readonly [Pool, ...Pool[]] {
  const pools = objects.filter(servesPods).map((object): Pool => {
    const { name } = object.metadata;
    const { cidr } = object.spec;
    if (typeof cidr === "string" && parseCidr(cidr)) return { name, cidr, wrapping: wrappingOf(object) };
    throw refuse(source, "IPPool", name, cidr === undefined ? "it has no cidr" : "its cidr is no address range");
  });
  const [first, ...others] = pools;
  if (!first) throw new CrossfadeError("NO_SOURCE", reason("source-objects-missing", { source, kind: "IPPool" }));
  return [first, ...others];
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
