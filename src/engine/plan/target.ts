import { virtualMark } from "../model/cluster/virtual-node.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { CiliumTarget, SourceFacts } from "../model/plan-types.ts";
import { type Reason, reason } from "../model/reason.ts";
import { formatCidr, parseCidr } from "../net/cidr.ts";
import { adoptUserValues } from "../values/user-values.ts";
import { atLeast, parseVersion } from "../values/version.ts";
import { type AdoptedCilium, existingCilium } from "./existing-cilium.ts";
import { networkMtu } from "./network-mtu.ts";
import { oneRange } from "./one-range.ts";
import { maskFor, type PoolRequest, pickPodCidr, pickPodCidrBeside } from "./pick-cidr.ts";
import type { PlanInput } from "./plan-input.ts";
import { rangesInUse, type UsedRange } from "./ranges.ts";
import { outsideNodes, without } from "./taking-part.ts";

const usage = (why: Reason) => new CrossfadeError("USAGE", why);

function checkVersion(text: string): string {
  const version = parseVersion(text);
  if (!version) throw usage(reason("no-cilium-version", { version: text }));
  if (atLeast(version, 1, 16)) return text.replace(/^v/, "");
  throw new CrossfadeError("VALUES_REFUSED", reason("cilium-too-old", { version: text }));
}

function checkPodCidr(text: string): string {
  const cidr = parseCidr(text);
  if (cidr?.family !== 4) throw usage(reason("pod-cidr-not-ipv4", { range: text }));
  if (formatCidr(cidr) === text) return text;
  throw usage(reason("pod-cidr-no-network", { range: text, network: formatCidr(cidr) }));
}

function checkWhole(value: number, [low, high]: readonly [number, number], option: string): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw usage(reason("number-out-of-bounds", { option, value, low, high }));
}

/** UDP port apart from the source's: the protocol's default where that is free. */
function portFor(protocol: "vxlan" | "geneve", source: SourceFacts): number {
  const standard = protocol === "vxlan" ? 8472 : 6081;
  return source.encapsulations.some(({ port }) => port === standard) ? standard + 1 : standard;
}

type Wanted = Partial<AdoptedCilium> & { readonly operatorReplicas?: number };

/** The operator's word first, then the values file, then what is installed already. */
function wantedBy(facts: ClusterFacts, input: PlanInput): Wanted {
  const existing = existingCilium(facts);
  return {
    ...(existing.kind === "secondary" ? existing.adopted : {}),
    ...adoptUserValues(input.userValues ?? {}),
    ...(input.podCidr === undefined ? {} : { podCidr: input.podCidr }),
    ...(input.maskSize === undefined ? {} : { maskSize: input.maskSize }),
    ...(input.tunnelPort === undefined ? {} : { tunnelPort: input.tunnelPort }),
    ...(input.tunnelProtocol === undefined ? {} : { tunnelProtocol: input.tunnelProtocol }),
  };
}

const keepsToMachines = ({ nodes }: ClusterFacts): Pick<CiliumTarget, "machinesOnly"> =>
  nodes.some((node) => virtualMark(node) !== null) ? { machinesOnly: true } : {};

function mtuOf(source: SourceFacts): Pick<CiliumTarget, "mtu"> {
  const mtu = networkMtu(source);
  return mtu === null ? {} : { mtu };
}

/** Only for an engine that would otherwise take moved pods for strangers: elsewhere nothing is gained by it. */
function keptAddresses(
  source: SourceFacts,
  podCidr: string,
  used: readonly UsedRange[],
): Pick<CiliumTarget, "nativeRoutingCidr"> {
  const range = source.enforcesPolicies ? oneRange(source, podCidr, used) : null;
  return range === null ? {} : { nativeRoutingCidr: range };
}

function chooseRange(source: SourceFacts, pool: PoolRequest, used: readonly UsedRange[]): string {
  const beside = source.enforcesPolicies ? pickPodCidrBeside(source, pool, used) : null;
  return beside ?? pickPodCidr(pool, used);
}

/** Chooses what Cilium will be; what the operator named is taken as it is and left to preflight to judge. */
export function chooseTarget(facts: ClusterFacts, source: SourceFacts, input: PlanInput): CiliumTarget {
  const wanted = wantedBy(facts, input);
  const used = rangesInUse(facts, source, input.extraCidrs);
  const outside = outsideNodes(facts, source).map(({ name }) => name);
  const { nodes } = without(facts, outside);
  const mostPods = Math.max(110, ...nodes.map(({ allocatablePods }) => allocatablePods));
  const maskSize = checkWhole(wanted.maskSize ?? maskFor(mostPods), [8, 30], "--mask-size");
  const tunnelProtocol = wanted.tunnelProtocol ?? "vxlan";
  const pool = { nodes: nodes.length, maskSize };
  const podCidr = checkPodCidr(wanted.podCidr ?? chooseRange(source, pool, used));
  return {
    version: checkVersion(wanted.version ?? input.ciliumVersion),
    namespace: wanted.namespace ?? "kube-system",
    release: wanted.release ?? "cilium",
    chart: input.chart,
    podCidr,
    maskSize,
    tunnelProtocol,
    tunnelPort: checkWhole(wanted.tunnelPort ?? portFor(tunnelProtocol, source), [1, 65_535], "--tunnel-port"),
    operatorReplicas: wanted.operatorReplicas ?? (nodes.length > 1 ? 2 : 1),
    ...mtuOf(source),
    ...keptAddresses(source, podCidr, used),
    ...keepsToMachines(facts),
  };
}
