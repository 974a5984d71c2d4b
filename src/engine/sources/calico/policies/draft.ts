import type { JsonObject, JsonValue } from "../../../model/plan-types.ts";
import { firstOf } from "../../../model/reason.ts";
import { atLeast, parseVersion } from "../../../values/version.ts";
import {
  type Drafting,
  inAnyNamespace,
  isOfNamespace,
  namespaceTerms,
  podTerms,
  problem,
  selectorOf,
} from "./drafting.ts";
import { decidedByOrder, isAnyEnd, isForAll, reached } from "./order.ts";
import { groupName, peersOf } from "./peers.ts";
import type { Direction, Rule } from "./rules.ts";
import { matches, parseSelector } from "./selector.ts";

const labels = { "app.kubernetes.io/managed-by": "crossfade" };

/** As many as Cilium takes in one list. */
const mostPorts = 40;

function portOf(port: JsonValue, protocol: string, at: Drafting): JsonObject | null {
  const [first = "", last] = `${typeof port === "number" || typeof port === "string" ? port : ""}`.split(":");
  if (!/^\d+$/.test(first) || (last !== undefined && !/^\d+$/.test(last)))
    return problem(at, "fields-unknown", { fields: [`port ${first}`] });
  return { port: first, ...(last === undefined || last === first ? {} : { endPort: Number(last) }), protocol };
}

const family: Readonly<Record<string, string>> = { ICMP: "IPv4", ICMPv6: "IPv6" };

function icmpOf({ protocol, icmp }: Rule, at: Drafting): readonly JsonObject[] | null {
  const { type, code } = icmp;
  if (typeof type !== "number" || code !== undefined)
    return problem(at, "protocol-unknown", {
      protocol: code === undefined ? `all of ${protocol}` : `${protocol} by code`,
    });
  return [{ icmps: [{ fields: [{ type, family: family[protocol] ?? "IPv4" }] }] }];
}

/** Protocol and ports, each for a rule of its own; null with a problem. */
function transportOf(rule: Rule, at: Drafting): readonly JsonObject[] | null {
  const { protocol } = rule;
  const { ports } = rule.destination;
  if (protocol === "") return [{}];
  if (protocol in family) return icmpOf(rule, at);
  if (!["TCP", "UDP", "SCTP"].includes(protocol)) return problem(at, "protocol-unknown", { protocol });
  const all = ports.length === 0 ? [{ port: "0", protocol }] : ports.map((port) => portOf(port, protocol, at));
  if (all.includes(null)) return null;
  const lists = Array.from({ length: Math.ceil(all.length / mostPorts) }, (_, index) => ({
    ports: all.slice(index * mostPorts, (index + 1) * mostPorts) as readonly JsonObject[],
  }));
  return [{ toPorts: lists }];
}

/** A rule's further fields: none of them has a counterpart. */
function checkFields({ more }: Rule, at: Drafting): void {
  const negated = more.filter((field) => field.startsWith("not"));
  const others = more.filter((field) => !field.startsWith("not") && field !== "http");
  if (more.includes("http")) problem(at, "http-rules", {});
  if (negated.length > 0) problem(at, "negated", { fields: negated });
  if (others.length > 0) problem(at, "fields-unknown", { fields: others });
}

/** What Cilium has nothing for, and is not about the rule's other end. */
function refused(rule: Rule, direction: Direction, at: Drafting): boolean {
  const { action, source, destination } = rule;
  const before = at.problems.length;
  const [own, name] = direction === "ingress" ? [destination, "destination"] : [source, "source"];
  checkFields(rule, at);
  if (action !== "Allow" && action !== "Deny") problem(at, "action-unknown", { actions: [action] });
  if (source.ports.length + source.notPorts.length > 0) problem(at, "fields-unknown", { fields: ["source.ports"] });
  if (!isAnyEnd({ ...own, ports: [] })) problem(at, "fields-unknown", { fields: [name] });
  return at.problems.length > before;
}

function rulesOf(rule: Rule, direction: Direction, at: Drafting): readonly JsonObject[] {
  if (refused(rule, direction, at)) return [];
  const [side, other] =
    direction === "ingress" ? (["from", rule.source] as const) : (["to", rule.destination] as const);
  const peers = peersOf({ ...other, ports: [] }, side, at);
  const transports = transportOf(rule, at);
  return (peers ?? []).flatMap((peer) => (transports ?? []).map((transport) => ({ ...peer, ...transport })));
}

/** One direction of a draft: what is allowed, and what is denied. An empty rule stands for none: it selects, and allows nothing. */
function sectionOf(direction: Direction, at: Drafting): JsonObject {
  const { policy, all, world } = at;
  if (!policy.types.includes(direction)) return {};
  const others = decidedByOrder(policy, direction, all, world);
  const [first, more] = firstOf(others);
  if (others.length > 0) problem(at, "order-decides", { others: first, more });
  const rules = reached(policy[direction]).filter((rule) => !(rule.action === "Deny" && isForAll(rule)));
  const made = (action: string) =>
    rules
      .filter((rule) => (rule.action === "Deny") === (action === "Deny"))
      .flatMap((rule) => rulesOf(rule, direction, at));
  const [allowed, denied] = [made("Allow"), made("Deny")];
  return {
    [direction]: allowed.length > 0 ? allowed : [{}],
    ...(denied.length > 0 ? { [`${direction}Deny`]: denied } : {}),
  };
}

/** The pods that it selects, in Cilium's words. */
function subjectOf(at: Drafting): JsonObject | null {
  const { policy } = at;
  const pods = podTerms(policy.selector, at);
  const places = policy.namespaceSelector === "" ? [[]] : namespaceTerms(policy.namespaceSelector, at);
  if (pods === null || places === null) return null;
  const [only = [], ...more] = pods.flatMap((terms) => places.map((place) => [...terms, ...place]));
  if (more.length > 0 || (policy.namespace !== null && only.some(isOfNamespace)))
    return problem(at, "selector-unknown", { selector: policy.selector });
  const global = policy.namespace === null && !only.some(isOfNamespace);
  return selectorOf(global ? [...only, inAnyNamespace] : only);
}

/** What stands in the way whatever its rules say. */
function checkWhole(at: Drafting): void {
  const { policy, all, tiers, hosts } = at;
  const earlier = tiers
    .slice(
      0,
      Math.max(
        0,
        tiers.findIndex(({ name }) => name === policy.tier),
      ),
    )
    .map(({ name }) => name);
  const above = earlier.filter((tier) => all.some((other) => other.tier === tier));
  const own = tiers.find(({ name }) => name === policy.tier);
  const selector = parseSelector(policy.selector);
  const global = policy.namespace === null && policy.namespaceSelector === "";
  const met = hosts.filter(({ metadata }) => global && selector !== null && matches(selector, metadata.labels));
  const [names, unnamed] = firstOf(met.map(({ metadata }) => metadata.name));
  if (policy.tier !== "default") problem(at, "not-first-tier", { tier: policy.tier });
  else if (above.length > 0) problem(at, "below-other-tiers", { tiers: above });
  if (own?.passes === true) problem(at, "action-unknown", { actions: ["Pass"] });
  if (policy.ofHosts.length > 0) problem(at, "applies-to-host", { fields: policy.ofHosts });
  if (policy.more.length > 0) problem(at, "fields-unknown", { fields: policy.more });
  if (policy.serviceAccountSelector !== "") problem(at, "fields-unknown", { fields: ["serviceAccountSelector"] });
  if (met.length > 0) problem(at, "selects-hosts", { hosts: names, more: unnamed });
}

/** Sets that a draft refers to, as Cilium's groups. */
function groupsOf({ usedSets, world }: Drafting): readonly JsonObject[] {
  const version = parseVersion(world.target.version);
  if (version === null || !atLeast(version, 1, 17)) return [];
  const apiVersion = atLeast(version, 1, 18) ? "cilium.io/v2" : "cilium.io/v2alpha1";
  return [...usedSets].map((set) => ({
    apiVersion,
    kind: "CiliumCIDRGroup",
    metadata: { name: groupName(set), labels: { ...set.labels, ...labels } },
    spec: { externalCIDRs: [...set.nets] },
  }));
}

/** What says the same for Cilium, the sets that it refers to first; nothing where there is a problem. */
export function draftsOf(at: Drafting): readonly JsonObject[] {
  const { policy } = at;
  checkWhole(at);
  const endpointSelector = subjectOf(at);
  const sections = { ...sectionOf("ingress", at), ...sectionOf("egress", at) };
  if (at.problems.length > 0 || endpointSelector === null) return [];
  const types = policy.types;
  const place = policy.namespace === null ? {} : { namespace: policy.namespace };
  const draft = {
    apiVersion: "cilium.io/v2",
    kind: policy.namespace === null ? "CiliumClusterwideNetworkPolicy" : "CiliumNetworkPolicy",
    metadata: { name: policy.name.replace(/^default\./, ""), ...place, labels },
    spec: {
      endpointSelector,
      enableDefaultDeny: { ingress: types.includes("ingress"), egress: types.includes("egress") },
      ...sections,
    },
  };
  return [...groupsOf(at), draft];
}
