import { inCidr } from "../../../network/cidr.ts";
import { type Direction, type Member, meetsPort, type Traffic } from "../../../network/policy/traffic.ts";
import type { KubeObject } from "../../../objects.ts";
import { meetsSelector } from "./selector.ts";

interface EntityRule {
  readonly nets?: readonly string[];
  readonly notNets?: readonly string[];
  readonly selector?: string;
  readonly notSelector?: string;
  readonly namespaceSelector?: string;
  readonly ports?: readonly (number | string)[];
  readonly notPorts?: readonly (number | string)[];
}

interface Rule {
  readonly action: string;
  readonly protocol?: string | number;
  readonly notProtocol?: string | number;
  readonly source?: EntityRule;
  readonly destination?: EntityRule;
}

/** GlobalNetworkPolicy and NetworkPolicy of crd.projectcalico.org/v1. */
export interface OrderedPolicyObject extends KubeObject {
  spec: {
    order?: number;
    selector?: string;
    namespaceSelector?: string;
    types?: readonly string[];
    ingress?: readonly Rule[];
    egress?: readonly Rule[];
  };
}

export type Action = "Allow" | "Deny" | "Pass";

/** Labels under which the policies' selectors know a pod: its own and its namespace's. */
function labelsOf({ namespace, labels }: Member): Readonly<Record<string, string>> {
  return { ...labels, "projectcalico.org/namespace": namespace, "projectcalico.org/orchestrator": "k8s" };
}

/** Whether the policy says which directions it is about, or what follows from its rules. */
export function hasDirection({ spec }: OrderedPolicyObject, direction: Direction): boolean {
  if (spec.types?.length) return spec.types.includes(direction);
  return direction === "Egress" ? spec.egress !== undefined : spec.ingress !== undefined || spec.egress === undefined;
}

/** Whether the policy is about the pod. */
export function selectsPod({ metadata, spec }: OrderedPolicyObject, pod: Member): boolean {
  if (metadata.namespace !== undefined && metadata.namespace !== pod.namespace) return false;
  const { namespaceSelector, selector = "" } = spec;
  if (namespaceSelector !== undefined && !meetsSelector(namespaceSelector, pod.namespaceLabels)) return false;
  return meetsSelector(selector, labelsOf(pod));
}

/** Whether the policy is about a HostEndpoint of these labels; those of a namespace never are. */
export function selectsHost(
  { metadata, spec }: OrderedPolicyObject,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    metadata.namespace === undefined &&
    spec.namespaceSelector === undefined &&
    meetsSelector(spec.selector ?? "", labels)
  );
}

/** What the first rule that fits says; null where none does. A rule that only logs is gone past. */
export function firstMatch({ metadata, spec }: OrderedPolicyObject, traffic: Traffic): Action | null {
  const rules = (traffic.direction === "Ingress" ? spec.ingress : spec.egress) ?? [];
  const found = rules.find((rule) => rule.action !== "Log" && fits(rule, traffic, metadata.namespace));
  return found ? (found.action as Action) : null;
}

function fits(rule: Rule, traffic: Traffic, home: string | undefined): boolean {
  const isIngress = traffic.direction === "Ingress";
  const other = (isIngress ? rule.source : rule.destination) ?? {};
  const { ports, notPorts } = rule.destination ?? {};
  return (
    isProtocol(rule.protocol, traffic, true) &&
    !isProtocol(rule.notProtocol, traffic, false) &&
    isOther(other, traffic.other, home) &&
    (ports === undefined || ports.some((port) => isPort(port, traffic))) &&
    !notPorts?.some((port) => isPort(port, traffic))
  );
}

const numbers: Readonly<Record<string, string>> = { 1: "icmp", 4: "ipip", 6: "tcp", 17: "udp" };

function isProtocol(wanted: string | number | undefined, { protocol }: Traffic, otherwise: boolean): boolean {
  if (wanted === undefined) return otherwise;
  return (numbers[String(wanted)] ?? String(wanted).toLowerCase()) === protocol;
}

function isPort(port: number | string, traffic: Traffic): boolean {
  const [, first, last] = /^(\d+):(\d+)$/.exec(String(port)) ?? [];
  if (first !== undefined) return meetsPort(traffic, Number(first), Number(last));
  return meetsPort(traffic, typeof port === "string" && /^\d+$/.test(port) ? Number(port) : port);
}

function isOther(rule: EntityRule, { ip, member }: Traffic["other"], home: string | undefined): boolean {
  const holds = (net: string) => !net.includes(":") && inCidr(ip, net);
  if (rule.nets && !rule.nets.some(holds)) return false;
  if (rule.notNets?.some(holds)) return false;
  if (rule.notSelector !== undefined && member && meetsSelector(rule.notSelector, labelsOf(member))) return false;
  return isSelected(rule, member, home);
}

/** A namespaced policy's selector means its own namespace, unless the rule names others. */
function isSelected({ selector, namespaceSelector }: EntityRule, member: Member | null, home: string | undefined) {
  if (selector === undefined && namespaceSelector === undefined) return true;
  if (!member) return false;
  if (namespaceSelector !== undefined) {
    if (!meetsSelector(namespaceSelector, member.namespaceLabels)) return false;
  } else if (home !== undefined && member.namespace !== home) return false;
  return meetsSelector(selector ?? "", labelsOf(member));
}
