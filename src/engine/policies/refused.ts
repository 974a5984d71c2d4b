import { selects } from "../drain/selector.ts";
import type { PodFacts } from "../model/facts.ts";
import type { JsonObject } from "../model/plan-types.ts";
import { guardedEnd, otherEnd, type PolicyVerdict } from "../model/policies/policy-verdict.ts";
import { fullName } from "../model/some-of.ts";
import { addressesCovered } from "./covered.ts";
import { listIn, numberIn, objectIn, textIn, textsIn } from "./json-in.ts";
import { labelSelectorIn } from "./kubernetes-policies.ts";
import { ciliumPolicy, guards, kubernetesPolicy, labelsInCilium } from "./selecting.ts";

/** What is known of a cluster when its agents' verdicts are judged. */
export interface RefusalWorld {
  readonly kubernetes: readonly JsonObject[];
  readonly cilium: readonly JsonObject[];
  /** Labels of each namespace. */
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly pods: readonly Pick<PodFacts, "namespace" | "name" | "labels" | "ips" | "hostNetwork">[];
  /** Name of the node by each of its addresses. */
  readonly nodes: Readonly<Record<string, string>>;
  /** policyEnforcementMode: with "always" a pod is closed also where no policy speaks of it. */
  readonly mode: string;
}

type Pod = RefusalWorld["pods"][number];

/** One connection that was refused, as often as it was tried. */
export interface Refusal {
  /** Who asked whom: namespace/pod, a node's name, or an address. */
  readonly from: string;
  readonly to: string;
  /** Null where the protocol has none. */
  readonly port: number | null;
  readonly protocol: string;
  readonly tries: number;
  /** The policies that say so; none where none does. */
  readonly by: readonly string[];
  /** Those that allow it, and yet it was refused. */
  readonly although: readonly string[];
}

/** All refusals, and the number of those at whose ends a pod is gone by now: nobody can say what policies said of it. */
export interface Refusals {
  readonly judged: readonly Refusal[];
  readonly gone: number;
}

const named = (policy: JsonObject): { readonly namespace: string; readonly name: string } => {
  const { namespace, name } = objectIn(policy["metadata"]);
  return { namespace: textIn(namespace), name: textIn(name) };
};

const nameOf = (policy: JsonObject): string => {
  const { namespace, name } = named(policy);
  return namespace === "" ? name : `${namespace}/${name}`;
};

/** One verdict with whom it is about. */
interface Case {
  readonly verdict: PolicyVerdict;
  readonly guarded: Pod;
  readonly other: Pod | null;
}

function isPeer(peer: JsonObject, home: string, { verdict, other }: Case, world: RefusalWorld): boolean {
  const { cidr, except } = objectIn(peer["ipBlock"]);
  if (typeof cidr === "string") {
    const { ip } = otherEnd(verdict);
    return addressesCovered({ cidr, except: textsIn(except) }, [ip]).length > 0;
  }
  if (other === null) return false;
  const spaces = peer["namespaceSelector"];
  const inNamespace =
    spaces === undefined
      ? other.namespace === home
      : selects(labelSelectorIn(spaces), world.namespaces[other.namespace] ?? {});
  return inNamespace && selects(labelSelectorIn(peer["podSelector"]), other.labels);
}

/** A name for a port is the receiver's to resolve, and not known here: such a rule is not held to allow it. */
function isPort({ protocol, port, endPort }: JsonObject, { destination, protocol: spoken }: PolicyVerdict): boolean {
  if ((textIn(protocol) || "TCP") !== spoken) return false;
  if (port === undefined) return true;
  const first = numberIn(port);
  if (first === null || destination.port === null) return false;
  return destination.port >= first && destination.port <= (numberIn(endPort) ?? first);
}

function allows(policy: JsonObject, one: Case, world: RefusalWorld): boolean {
  const { direction } = one.verdict;
  const rules = listIn(objectIn(policy["spec"])[direction]).map(objectIn);
  return rules.some((rule) => {
    const peers = listIn(rule[direction === "ingress" ? "from" : "to"]).map(objectIn);
    const ports = listIn(rule["ports"]).map(objectIn);
    const meetsPeer = peers.length === 0 || peers.some((peer) => isPeer(peer, named(policy).namespace, one, world));
    return meetsPeer && (ports.length === 0 || ports.some((port) => isPort(port, one.verdict)));
  });
}

const always = "policyEnforcementMode: always";

function judged(one: Case, world: RefusalWorld): Pick<Refusal, "by" | "although"> {
  const { verdict, guarded } = one;
  const endpoint = { labels: labelsInCilium(guarded) };
  const speaking = world.kubernetes.filter((policy) => guards(kubernetesPolicy(policy), endpoint, verdict.direction));
  const although = speaking.filter((policy) => allows(policy, one, world)).map(nameOf);
  const cilium = (how: "directions" | "refuses") =>
    world.cilium
      .filter((policy) => guards(ciliumPolicy(textIn(policy["kind"]), policy), endpoint, verdict.direction, how))
      .map(nameOf);
  const denying = cilium("refuses");
  if (denying.length > 0) return { by: denying, although: [] };
  if (although.length > 0) return { by: [], although };
  const by = [...speaking.map(nameOf), ...cilium("directions")];
  return { by: by.length === 0 && world.mode === "always" ? [always] : by, although };
}

/** Identities of pods are numbers of 16 bits above the reserved ones. */
const isPodsIdentity = (identity: number): boolean => identity > 255 && identity < 65_536;

/** Verdicts of denied connections with the policies that explain each. Those that were only tried are left out. */
export function refusalsOf(verdicts: readonly PolicyVerdict[], world: RefusalWorld): Refusals {
  const byIp = new Map(world.pods.filter((pod) => !pod.hostNetwork).flatMap((pod) => pod.ips.map((ip) => [ip, pod])));
  const at = (ip: string): string => {
    const pod = byIp.get(ip);
    return pod ? fullName(pod) : (world.nodes[ip] ?? ip);
  };
  const all = new Map<string, Refusal>();
  let gone = 0;
  for (const verdict of verdicts) {
    if (verdict.action !== "denied") continue;
    const guarded = byIp.get(guardedEnd(verdict).ip);
    const other = byIp.get(otherEnd(verdict).ip) ?? null;
    if (guarded === undefined || (other === null && isPodsIdentity(verdict.otherIdentity))) {
      gone += 1;
      continue;
    }
    const { source, destination, protocol } = verdict;
    const about = { from: at(source.ip), to: at(destination.ip), port: destination.port, protocol };
    const key = JSON.stringify([about, verdict.direction]);
    const known = all.get(key);
    all.set(
      key,
      known
        ? { ...known, tries: known.tries + 1 }
        : { ...about, tries: 1, ...judged({ verdict, guarded, other }, world) },
    );
  }
  return { judged: [...all.values()], gone };
}

export const isExplained = ({ by }: Refusal): boolean => by.length > 0;

/** "shop/web-1 to shop/db-0 TCP 5432". */
export const connectionOf = ({ from, to, protocol, port }: Refusal): string =>
  `${from} to ${to} ${protocol}${port === null ? "" : ` ${port}`}`;
