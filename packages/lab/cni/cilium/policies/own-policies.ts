import { type LabelSelector, selects } from "../../../label-selector.ts";
import { inCidr } from "../../../network/cidr.ts";
import { type Direction, type Member, meetsPort, type Traffic } from "../../../network/policy/traffic.ts";
import type { KubeObject, Store } from "../../../objects.ts";
import { isEstablished } from "../crd-state.ts";

interface Port {
  readonly port?: string;
  readonly endPort?: number;
  readonly protocol?: string;
}

/** One rule; fields of ingress begin with from, of egress with to. */
type Rule = Readonly<Record<string, unknown>> & {
  readonly toPorts?: readonly { readonly ports?: readonly Port[] }[];
};

interface Spec {
  readonly endpointSelector?: LabelSelector;
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly ingress?: readonly Rule[];
  readonly ingressDeny?: readonly Rule[];
  readonly egress?: readonly Rule[];
  readonly egressDeny?: readonly Rule[];
}

/** CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy. */
interface CiliumPolicy extends KubeObject {
  readonly spec?: Spec;
  readonly specs?: readonly Spec[];
}

/** Who the other end is where it is no pod. */
export type Entity = "host" | "remote-node" | "world";

interface Placed {
  readonly spec: Spec;
  readonly namespace: string | null;
}

const plurals = ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"];

function all(store: Store): readonly Placed[] {
  return plurals
    .filter((plural) => isEstablished(store, `${plural}.cilium.io`))
    .flatMap((plural) => store.list<CiliumPolicy>(`cilium.io/${plural}`))
    .flatMap(({ metadata, spec, specs = [] }) =>
      [...(spec ? [spec] : []), ...specs].map((one) => ({ spec: one, namespace: metadata.namespace ?? null })),
    );
}

const namespaceKey = "io.kubernetes.pod.namespace";
const namespaceLabels = "io.cilium.k8s.namespace.labels.";
const bareKey = (key: string) => key.replace(/^(k8s|any)[:.]/, "");

/** A pod's labels as Cilium's selectors see them. */
function labelsOf({ labels, namespace, namespaceLabels: ofNamespace }: Member): Record<string, string> {
  const above = Object.entries(ofNamespace).map(([key, value]) => [`${namespaceLabels}${key}`, value]);
  return { ...labels, ...Object.fromEntries(above), [namespaceKey]: namespace };
}

function meets({ matchLabels = {}, matchExpressions = [] }: LabelSelector, member: Member): boolean {
  const bare = {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [bareKey(key), value])),
    matchExpressions: matchExpressions.map((one) => ({ ...one, key: bareKey(one.key) })),
  };
  return selects(bare, labelsOf(member));
}

/** A selector of a namespace's policy means pods of that namespace, unless it says which. */
function saysWhere({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  const keys = [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].map(bareKey);
  return keys.some((key) => key === namespaceKey || key.startsWith(namespaceLabels));
}

const sectionOf = (direction: Direction) => (direction === "Ingress" ? "ingress" : "egress");

/** Those that select the pod and close it in this direction to what none of them allows. */
function closing(store: Store, pod: Member, direction: Direction): readonly Placed[] {
  const section = sectionOf(direction);
  return all(store).filter(({ spec, namespace }) => {
    const { endpointSelector, enableDefaultDeny } = spec;
    const isHere = namespace === null || namespace === pod.namespace;
    const speaks =
      enableDefaultDeny?.[section] ?? (spec[section] !== undefined || spec[`${section}Deny`] !== undefined);
    return endpointSelector !== undefined && isHere && speaks && meets(endpointSelector, pod);
  });
}

interface Block {
  readonly cidr?: string;
  readonly except?: readonly string[];
}

/** Who a rule lets in or out; `isAny` where it names nobody. An empty rule stands for none. */
function peersOf(rule: Rule, direction: Direction) {
  const side = direction === "Ingress" ? "from" : "to";
  const listed = <T>(field: string) => (rule[`${side}${field}`] ?? []) as readonly T[];
  const named = Object.keys(rule).some((field) => field.startsWith(side) && field !== "toPorts");
  return {
    isAny: !named && Object.keys(rule).length > 0,
    endpoints: listed<LabelSelector>("Endpoints"),
    entities: listed<string>("Entities"),
    blocks: [...listed<string>("CIDR").map((cidr): Block => ({ cidr })), ...listed<Block>("CIDRSet")],
  };
}

function meetsPeer(rule: Rule, namespace: string | null, { other, direction }: Traffic, entity: Entity): boolean {
  const { isAny, endpoints, entities, blocks } = peersOf(rule, direction);
  const { member, hasRange, ip } = other;
  if (isAny) return true;
  if (member) {
    const isHere = (one: LabelSelector) => namespace === null || saysWhere(one) || member.namespace === namespace;
    const selected = endpoints.some((one) => meets(one, member) && isHere(one));
    return selected || entities.some((one) => one === "all" || one === "cluster");
  }
  const names = ["all", entity, ...(entity === "world" ? [] : ["cluster"])];
  const inBlock = ({ cidr, except = [] }: Block) =>
    cidr !== undefined && inCidr(ip, cidr) && !except.some((one) => inCidr(ip, one));
  return entities.some((one) => names.includes(one)) || (hasRange && blocks.some(inBlock));
}

function meetsPorts({ toPorts }: Rule, traffic: Traffic): boolean {
  if (toPorts === undefined) return true;
  return toPorts.some(({ ports = [] }) =>
    ports.some(({ port = "0", endPort, protocol = "ANY" }) => {
      if (protocol !== "ANY" && protocol.toLowerCase() !== traffic.protocol) return false;
      return port === "0" || meetsPort(traffic, /^\d+$/.test(port) ? Number(port) : port, endPort);
    }),
  );
}

/** What all of them say together of one packet; "open" where none closes the pod. */
export function ownVerdict(
  store: Store,
  pod: Member,
  { traffic, entity }: { readonly traffic: Traffic; readonly entity: Entity },
): "open" | "allowed" | "denied" | "refused" {
  const section = sectionOf(traffic.direction);
  const spoken = closing(store, pod, traffic.direction);
  if (spoken.length === 0) return "open";
  const hit = (rules: readonly Rule[] | undefined, namespace: string | null) =>
    (rules ?? []).some((rule) => meetsPeer(rule, namespace, traffic, entity) && meetsPorts(rule, traffic));
  if (spoken.some(({ spec, namespace }) => hit(spec[`${section}Deny`], namespace))) return "refused";
  return spoken.some(({ spec, namespace }) => hit(spec[section], namespace)) ? "allowed" : "denied";
}

/** Whether any of them closes the pod in this direction. */
export const isClosed = (store: Store, pod: Member, direction: Direction): boolean =>
  closing(store, pod, direction).length > 0;
