import type { JsonObject } from "../../../model/plan-types.ts";
import { covers, parseCidr } from "../../../net/cidr.ts";
import { addressesCovered, type Block, rangesCovered } from "../../../policies/covered.ts";
import { atLeast, parseVersion } from "../../../values/version.ts";
import {
  type Drafting,
  inAnyNamespace,
  inNamespace,
  isOfNamespace,
  namespaceTerms,
  podTerms,
  problem,
  selectorOf,
  withAccount,
} from "./drafting.ts";
import type { NetSet } from "./evaluate.ts";
import type { Entity } from "./rules.ts";
import { matches, parseSelector, type Term } from "./selector.ts";

/** Cilium's first line in which rules of both directions refer to groups of CIDRs. */
const groupsBothWays = { major: 1, minor: 17 };

type Side = "from" | "to";

const within = (nets: readonly string[], inner: string): boolean => {
  const block = parseCidr(inner);
  return block !== null && nets.map(parseCidr).some((net) => net !== null && covers(net, block));
};

/** Nothing where they reach pods or nodes, which no CIDR rule of Cilium's matches. */
function outsideOnly(blocks: readonly Block[], at: Drafting): boolean {
  const { podCidrs, nodes } = at.world;
  const overPods = blocks.filter((block) => rangesCovered(block, podCidrs).length > 0);
  const ranges = podCidrs.filter((range) => overPods.some((block) => rangesCovered(block, [range]).length > 0));
  const overNodes = blocks.filter((block) => nodes.some(({ ips }) => addressesCovered(block, ips).length > 0));
  const named = (some: readonly Block[]) => [...new Set(some.map(({ cidr }) => cidr))];
  if (overPods.length > 0) problem(at, "nets-cover-pods", { nets: named(overPods), ranges });
  if (overNodes.length > 0) problem(at, "nets-cover-nodes", { nets: named(overNodes) });
  return overPods.length + overNodes.length === 0;
}

function ofNets({ nets, notNets }: Entity, side: Side, at: Drafting): readonly JsonObject[] | null {
  if (!notNets.every((net) => within(nets, net))) return problem(at, "negated", { fields: ["notNets"] });
  const blocks = nets.map((cidr) => ({ cidr, except: notNets.filter((net) => within([cidr], net)) }));
  if (!outsideOnly(blocks, at)) return null;
  const set = blocks.map(({ cidr, except }) => ({ cidr, ...(except.length > 0 ? { except } : {}) }));
  return [{ [`${side}CIDRSet`]: set }];
}

/** Sets that the same selector selects: Calico does not tell them from pods, Cilium does. */
function selectedSets(entity: Entity, { policy, sets }: Drafting): readonly NetSet[] {
  const selector = parseSelector(entity.selector);
  if (selector === null || entity.serviceAccounts.length > 0) return [];
  const reachable = sets.filter(({ namespace }) => {
    if (entity.namespaceSelector !== "") return namespace !== null;
    return policy.namespace === null || namespace === policy.namespace;
  });
  return reachable.filter(({ labels }) => matches(selector, labels));
}

export const groupName = ({ namespace, name }: NetSet): string =>
  namespace === null ? `globalnetworkset.${name}` : `networkset.${namespace}.${name}`;

function ofSets(entity: Entity, side: Side, at: Drafting): readonly JsonObject[] | null {
  const selected = selectedSets(entity, at).filter(({ nets }) => nets.length > 0);
  if (selected.length === 0) return [];
  // Which namespaces such a selector means is not among the facts.
  if (entity.namespaceSelector !== "" && entity.namespaceSelector.trim() !== "all()")
    return problem(at, "selector-unknown", { selector: entity.namespaceSelector });
  if (
    !outsideOnly(
      selected.flatMap(({ nets }) => nets.map((cidr) => ({ cidr, except: [] }))),
      at,
    )
  )
    return null;
  for (const set of selected) at.usedSets.add(set);
  const version = parseVersion(at.world.target.version);
  const refers = version !== null && atLeast(version, groupsBothWays.major, groupsBothWays.minor);
  const members = selected.flatMap((set): readonly JsonObject[] =>
    refers ? [{ cidrGroupRef: groupName(set) }] : set.nets.map((cidr) => ({ cidr })),
  );
  return [{ [`${side}CIDRSet`]: members }];
}

/** In which namespaces a rule looks for pods. */
function namespacesOf(entity: Entity, at: Drafting): readonly (readonly Term[])[] | null {
  const { namespace } = at.policy;
  if (entity.namespaceSelector !== "") {
    const terms = namespaceTerms(entity.namespaceSelector, at);
    return terms?.map((all) => (all.some(isOfNamespace) ? all : [...all, inAnyNamespace])) ?? null;
  }
  return [[namespace === null ? inAnyNamespace : inNamespace(namespace)]];
}

function ofEndpoints(entity: Entity, side: Side, at: Drafting): readonly JsonObject[] | null {
  const pods = podTerms(entity.selector, at);
  const namespaces = namespacesOf(entity, at);
  if (pods === null || namespaces === null) return null;
  const account = entity.serviceAccounts.length > 0 ? [withAccount(entity.serviceAccounts)] : [];
  const all = namespaces.flatMap((place) => pods.map((terms) => selectorOf([...terms, ...account, ...place])));
  const sets = ofSets(entity, side, at);
  return sets === null ? null : [{ [`${side}Endpoints`]: all }, ...sets];
}

/** Fields of an end that Cilium has nothing for. */
function refused({ notSelector, notPorts, services, serviceAccountSelector }: Entity, at: Drafting): boolean {
  const negated = [...(notSelector === "" ? [] : ["notSelector"]), ...(notPorts.length > 0 ? ["notPorts"] : [])];
  const fields = [
    ...(services ? ["services"] : []),
    ...(serviceAccountSelector === "" ? [] : ["serviceAccounts.selector"]),
  ];
  if (negated.length > 0) problem(at, "negated", { fields: negated });
  if (fields.length > 0) problem(at, "fields-unknown", { fields });
  return negated.length + fields.length > 0;
}

const choosesEnds = ({ selector, namespaceSelector, serviceAccounts }: Entity): boolean =>
  selector !== "" || namespaceSelector !== "" || serviceAccounts.length > 0;

/** Hosts would be selected too, and are none of Cilium's endpoints. */
function alsoHosts(entity: Entity, { policy, hosts }: Drafting): readonly string[] {
  const selector = parseSelector(entity.selector);
  if (policy.namespace !== null || entity.namespaceSelector !== "" || entity.serviceAccounts.length > 0) return [];
  return hosts
    .filter(({ metadata }) => selector !== null && matches(selector, metadata.labels))
    .map(({ metadata }) => metadata.name);
}

/** The other end of a rule in Cilium's words: alternatives, each for a rule of its own; null with a problem. */
export function peersOf(entity: Entity, side: Side, at: Drafting): readonly JsonObject[] | null {
  if (refused(entity, at)) return null;
  const byNets = entity.nets.length + entity.notNets.length > 0;
  if (!choosesEnds(entity)) return byNets ? ofNets(entity, side, at) : [{ [`${side}Entities`]: ["all"] }];
  if (byNets) return problem(at, "fields-unknown", { fields: ["nets beside a selector"] });
  const hosts = alsoHosts(entity, at);
  if (hosts.length > 0)
    return problem(at, "selects-hosts", { hosts: hosts.slice(0, 3), more: Math.max(0, hosts.length - 3) });
  return ofEndpoints(entity, side, at);
}
