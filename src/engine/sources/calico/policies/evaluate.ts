import type { JsonValue } from "../../../model/plan-types.ts";
import { contains } from "../../../net/cidr.ts";
import type { CalicoPolicy, Direction, Entity, Rule, Tier } from "./rules.ts";
import { type Labels, matches, parseSelector } from "./selector.ts";

/** Who sends or receives. */
export interface End {
  readonly kind: "pod" | "host" | "outside";
  readonly namespace: string | null;
  readonly labels: Labels;
  readonly namespaceLabels: Labels;
  readonly serviceAccount: string;
  readonly ip: string;
}

export interface Packet {
  readonly source: End;
  readonly destination: End;
  readonly protocol: "TCP" | "UDP" | "SCTP" | "ICMP";
  /** Of its destination; 0 for ICMP. */
  readonly port: number;
  readonly icmpType: number;
}

/** A set's nets, by the labels by which rules select it. */
export interface NetSet {
  readonly name: string;
  readonly namespace: string | null;
  readonly labels: Labels;
  readonly nets: readonly string[];
}

const chosen = (selector: string, labels: Labels): boolean => {
  const read = parseSelector(selector);
  return read !== null && matches(read, labels);
};

const labelsOf = ({ labels, namespace, serviceAccount }: End): Labels => ({
  ...labels,
  ...(namespace === null ? {} : { "projectcalico.org/namespace": namespace }),
  ...(serviceAccount === "" ? {} : { "projectcalico.org/serviceaccount": serviceAccount }),
});

const namespaceLabels = ({ namespace, namespaceLabels: labels }: End): Labels => ({
  ...labels,
  ...(namespace === null ? {} : { "projectcalico.org/name": namespace }),
});

export function selectsEnd(policy: CalicoPolicy, end: End): boolean {
  if (end.kind === "outside") return false;
  if (policy.namespace !== null && (end.kind !== "pod" || end.namespace !== policy.namespace)) return false;
  if (
    policy.namespaceSelector !== "" &&
    !(end.kind === "pod" && chosen(policy.namespaceSelector, namespaceLabels(end)))
  )
    return false;
  return chosen(policy.selector, labelsOf(end));
}

function inNamespaces(entity: Entity, namespace: string | null, end: Pick<End, "namespace" | "namespaceLabels">) {
  if (entity.namespaceSelector !== "") {
    if (entity.namespaceSelector.replace(/\s/g, "") === "global()") return end.namespace === null;
    return end.namespace !== null && chosen(entity.namespaceSelector, namespaceLabels(end as End));
  }
  const choosesEnds = entity.selector !== "" || entity.serviceAccounts.length > 0;
  return namespace === null || !choosesEnds || end.namespace === namespace;
}

function byLabels(entity: Entity, policy: CalicoPolicy, end: End, sets: readonly NetSet[]): boolean {
  if (entity.selector === "" && entity.namespaceSelector === "" && entity.serviceAccounts.length === 0) return true;
  const { serviceAccounts: names } = entity;
  if (
    end.kind !== "outside" &&
    inNamespaces(entity, policy.namespace, end) &&
    chosen(entity.selector, labelsOf(end)) &&
    (names.length === 0 || names.includes(end.serviceAccount))
  )
    return true;
  if (names.length > 0) return false;
  return sets.some(
    (set) =>
      inNamespaces(entity, policy.namespace, { namespace: set.namespace, namespaceLabels: {} }) &&
      chosen(entity.selector, set.labels) &&
      set.nets.some((net) => contains(net, end.ip)),
  );
}

function inPorts(ports: readonly JsonValue[], port: number): boolean {
  return ports.some((one) => {
    if (typeof one === "number") return one === port;
    const [first = "", last = first] = typeof one === "string" ? one.split(":") : [];
    return /^\d+$/.test(first) && /^\d+$/.test(last) && Number(first) <= port && port <= Number(last);
  });
}

/** Of a rule's end what addresses and ports say. */
function byNumbers({ nets, notNets, ports, notPorts }: Entity, ip: string, port: number | null): boolean {
  if (nets.length > 0 && !nets.some((net) => contains(net, ip))) return false;
  if (notNets.some((net) => contains(net, ip))) return false;
  if (ports.length > 0 && (port === null || !inPorts(ports, port))) return false;
  return port === null || !inPorts(notPorts, port);
}

const isExcluded = ({ notSelector }: Entity, end: End): boolean =>
  notSelector !== "" && chosen(notSelector, labelsOf(end));

const isOfProtocol = ({ protocol, icmp }: Rule, packet: Packet): boolean =>
  (protocol === "" || protocol === packet.protocol) &&
  (packet.protocol !== "ICMP" || icmp["type"] === undefined || icmp["type"] === packet.icmpType);

interface AtEnd {
  readonly entity: Entity;
  readonly end: End;
  readonly port: number | null;
}

const atEnd = ({ entity, end, port }: AtEnd, policy: CalicoPolicy, sets: readonly NetSet[]): boolean =>
  byNumbers(entity, end.ip, port) && !isExcluded(entity, end) && byLabels(entity, policy, end, sets);

const isUnknown = ({ services, serviceAccountSelector, selector }: Entity): boolean =>
  services || serviceAccountSelector !== "" || parseSelector(selector) === null;

/** Whether a rule is about a packet. What is not understood of it holds for a denial and not for a permission. */
function ruleMatches(rule: Rule, policy: CalicoPolicy, packet: Packet, sets: readonly NetSet[]): boolean {
  const { source, destination } = rule;
  if (rule.more.length > 0 || isUnknown(source) || isUnknown(destination)) return rule.action === "Deny";
  const port = packet.protocol === "ICMP" ? null : packet.port;
  const ends = [
    { entity: source, end: packet.source, port: null },
    { entity: destination, end: packet.destination, port },
  ];
  return isOfProtocol(rule, packet) && ends.every((one) => atEnd(one, policy, sets));
}

export interface Evaluated {
  readonly policies: readonly CalicoPolicy[];
  readonly tiers: readonly Tier[];
  readonly sets: readonly NetSet[];
}

const inOrder = (a: CalicoPolicy, b: CalicoPolicy): number =>
  a.order === b.order ? a.name.localeCompare(b.name) : a.order - b.order;

/** What Calico's policies say of a packet at one of its ends: null where none of them selects that end. */
export function decide(world: Evaluated, direction: Direction, packet: Packet): "allow" | "deny" | null {
  const end = direction === "ingress" ? packet.destination : packet.source;
  let asked = false;
  for (const tier of world.tiers) {
    const here = world.policies
      .filter((policy) => policy.tier === tier.name && policy.types.includes(direction) && selectsEnd(policy, end))
      .toSorted(inOrder);
    if (here.length === 0) continue;
    asked = true;
    const hits = here.flatMap((policy) =>
      policy[direction].filter((rule) => ruleMatches(rule, policy, packet, world.sets)).map(({ action }) => action),
    );
    const first = hits.find((action) => action !== "Log");
    if (first === "Allow") return "allow";
    if (first === "Pass" || (first === undefined && tier.passes)) continue;
    return "deny";
  }
  return asked ? "deny" : null;
}
