import { type LabelSelector, selects } from "../../label-selector.ts";
import type { KubeObject } from "../../objects.ts";
import { inCidr } from "../cidr.ts";
import { type Direction, type Member, meetsPort, type Traffic } from "./traffic.ts";

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Port {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

/** networking.k8s.io/v1. */
export interface NetworkPolicyObject extends KubeObject {
  spec: {
    podSelector?: LabelSelector;
    policyTypes?: readonly string[];
    ingress?: readonly Rule[];
    egress?: readonly Rule[];
  };
}

/** Whether the policy speaks of this pod in this direction: from then on only what some policy allows passes. */
export function guards({ metadata, spec }: NetworkPolicyObject, pod: Member, direction: Direction): boolean {
  const types = spec.policyTypes ?? (spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
  return (
    metadata.namespace === pod.namespace &&
    types.includes(direction) &&
    selects(spec.podSelector ?? {}, { ...pod.labels })
  );
}

/** Whether one policy allows it. */
export function allows({ metadata, spec }: NetworkPolicyObject, traffic: Traffic): boolean {
  const isIngress = traffic.direction === "Ingress";
  return ((isIngress ? spec.ingress : spec.egress) ?? []).some(({ from, to, ports }) => {
    const peers = (isIngress ? from : to) ?? [];
    const meetsPeer = peers.length === 0 || peers.some((peer) => isPeer(peer, metadata.namespace ?? "", traffic.other));
    return meetsPeer && (!ports?.length || ports.some((port) => isPort(port, traffic)));
  });
}

/** What all policies of a cluster say together: a pod of which none speaks is open. */
export function verdict(
  policies: Iterable<NetworkPolicyObject>,
  pod: Member,
  traffic: Traffic,
): "open" | "allowed" | "denied" {
  const spoken = [...policies].filter((policy) => guards(policy, pod, traffic.direction));
  if (spoken.length === 0) return "open";
  return spoken.some((policy) => allows(policy, traffic)) ? "allowed" : "denied";
}

function isPeer(peer: Peer, home: string, { ip, member, hasRange }: Traffic["other"]): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return hasRange && holds(cidr, ip) && !except.some((range) => holds(range, ip));
  }
  if (!member) return false;
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { ...member.namespaceLabels })
    : member.namespace === home;
  return inNamespace && selects(peer.podSelector ?? {}, { ...member.labels });
}

/** Ranges of IPv6 hold no address of the lab. */
function holds(range: string, ip: string): boolean {
  return !range.includes(":") && inCidr(ip, range);
}

function isPort({ protocol = "TCP", port, endPort }: Port, traffic: Traffic): boolean {
  if (protocol.toLowerCase() !== traffic.protocol) return false;
  return port === undefined || meetsPort(traffic, port, endPort);
}
