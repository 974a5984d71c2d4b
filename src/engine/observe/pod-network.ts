import type { CiliumEndpointFacts, CiliumNodeFacts, NodeFacts, PodFacts, PodNetwork } from "../model/facts.ts";
import { type Cidr, covers, hostCidr, parseAddress, parseCidr } from "../net/cidr.ts";

/** What tells the two networks apart. */
export interface NetworkRanges {
  readonly ciliumNodes: readonly CiliumNodeFacts[];
  readonly endpoints?: readonly CiliumEndpointFacts[];
  /** The source's whole range. */
  readonly sourceCidrs: readonly string[];
  /** Cilium's whole pool, for a node whose CiliumNode was not seen yet. */
  readonly ciliumCidrs?: readonly string[];
  readonly nodes: readonly NodeFacts[];
}

/** The ranges made ready for 150,000 questions: parsed once, found by node. */
interface Index {
  readonly cilium: ReadonlyMap<string, readonly Cidr[]>;
  readonly source: ReadonlyMap<string, readonly Cidr[]>;
  readonly pool: readonly Cidr[];
  readonly wholeSource: readonly Cidr[];
  readonly endpoints: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<NetworkRanges, Index>();

const parsed = (texts: readonly string[]) => texts.map(parseCidr).filter((cidr) => cidr !== null);

const byNode = (items: readonly { readonly name: string; readonly podCidrs: readonly string[] }[]) =>
  new Map(items.map(({ name, podCidrs }) => [name, parsed(podCidrs)]));

function indexOf(ranges: NetworkRanges): Index {
  const known = indexes.get(ranges);
  if (known) return known;
  const index: Index = {
    cilium: byNode(ranges.ciliumNodes),
    source: byNode(ranges.nodes),
    pool: parsed(ranges.ciliumCidrs ?? []),
    wholeSource: parsed(ranges.sourceCidrs),
    endpoints: new Map((ranges.endpoints ?? []).map(({ namespace, name, ips }) => [`${namespace}/${name}`, ips])),
  };
  indexes.set(ranges, index);
  return index;
}

/** An endpoint alone may be what a force-deleted pod left behind: its address must be the pod's. */
function hasEndpoint({ namespace, name, ips }: PodFacts, { endpoints }: Index): boolean {
  return endpoints.get(`${namespace}/${name}`)?.some((ip) => ips.includes(ip)) === true;
}

function byAddress({ ips, node }: PodFacts, index: Index): PodNetwork {
  const addresses = ips.map(parseAddress).filter((address) => address !== null);
  const lies = (cidrs: readonly Cidr[] = []) =>
    addresses.some((address) => cidrs.some((cidr) => covers(cidr, hostCidr(address))));
  if (lies(index.cilium.get(node ?? "")) || lies(index.pool)) return "cilium";
  return lies(index.wholeSource) || lies(index.source.get(node ?? "")) ? "source" : "unknown";
}

/** Whose network a pod is on, by the strongest evidence first; a finished pod holds no address and is "unknown". */
export function classifyPod(pod: PodFacts, ranges: NetworkRanges): PodNetwork {
  if (pod.hostNetwork) return "host";
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return "unknown";
  const index = indexOf(ranges);
  return hasEndpoint(pod, index) ? "cilium" : byAddress(pod, index);
}
