import { covers, hostCidr, parseAddress, parseCidr } from "./cidr.ts";
import type { CiliumEndpointFacts, CiliumNodeFacts, NodeFacts, PodFacts, PodNetwork } from "./facts.ts";

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

const within = (cidrs: readonly string[], ip: string): boolean => {
  const address = parseAddress(ip);
  if (!address) return false;
  return cidrs.some((text) => {
    const cidr = parseCidr(text);
    return cidr !== null && covers(cidr, hostCidr(address));
  });
};

/** An endpoint alone may be what a force-deleted pod left behind: its address must be the pod's. */
function hasEndpoint(pod: PodFacts, endpoints: readonly CiliumEndpointFacts[]): boolean {
  return endpoints.some(
    ({ namespace, name, ips }) =>
      namespace === pod.namespace && name === pod.name && ips.some((ip) => pod.ips.includes(ip)),
  );
}

function inCilium(pod: PodFacts, ip: string, ranges: NetworkRanges): boolean {
  const own = ranges.ciliumNodes.find(({ name }) => name === pod.node)?.podCidrs ?? [];
  return within(own, ip) || within(ranges.ciliumCidrs ?? [], ip);
}

function inSource(pod: PodFacts, ip: string, ranges: NetworkRanges): boolean {
  if (within(ranges.sourceCidrs, ip)) return true;
  return within(ranges.nodes.find(({ name }) => name === pod.node)?.podCidrs ?? [], ip);
}

/** Whose network a pod is on, by the strongest evidence first; a finished pod holds no address and is "unknown". */
export function classifyPod(pod: PodFacts, ranges: NetworkRanges): PodNetwork {
  if (pod.hostNetwork) return "host";
  if (pod.phase === "Succeeded" || pod.phase === "Failed") return "unknown";
  if (hasEndpoint(pod, ranges.endpoints ?? [])) return "cilium";
  if (pod.ips.some((ip) => inCilium(pod, ip, ranges))) return "cilium";
  return pod.ips.some((ip) => inSource(pod, ip, ranges)) ? "source" : "unknown";
}
