import { selects } from "../../src/engine/drain/selector.ts";
import type { JsonObject, JsonValue } from "../../src/engine/model/plan-types.ts";
import { contains } from "../../src/engine/net/cidr.ts";
import { listIn, objectIn, textIn, textsIn } from "../../src/engine/policies/json-in.ts";
import { labelSelectorIn } from "../../src/engine/policies/kubernetes-policies.ts";
import type { End, Packet } from "../../src/engine/sources/calico/policies/evaluate.ts";

type Direction = "ingress" | "egress";

const namespaceKey = "k8s:io.kubernetes.pod.namespace";

/** A pod's labels as Cilium sees them. */
function identityOf({ labels, namespace, namespaceLabels, serviceAccount }: End): Readonly<Record<string, string>> {
  const ofNamespace = Object.entries(namespaceLabels).map(([key, value]) => [
    `k8s:io.cilium.k8s.namespace.labels.${key}`,
    value,
  ]);
  return {
    ...labels,
    ...Object.fromEntries(ofNamespace),
    ...(namespace === null ? {} : { [namespaceKey]: namespace }),
    "k8s:io.cilium.k8s.policy.serviceaccount": serviceAccount,
  };
}

const isPod = (end: End) => end.kind === "pod";

/** Cilium's rules by its documentation, as far as drafts use them: written apart from what writes the drafts. */
export class CiliumPolicies {
  readonly #policies: readonly JsonObject[];
  readonly #groups: ReadonlyMap<string, readonly string[]>;
  readonly #nodeIps: readonly string[];

  constructor(drafts: readonly JsonObject[], nodeIps: readonly string[]) {
    this.#policies = drafts.filter(({ kind }) => kind !== "CiliumCIDRGroup");
    this.#nodeIps = nodeIps;
    this.#groups = new Map(
      drafts
        .filter(({ kind }) => kind === "CiliumCIDRGroup")
        .map(({ metadata, spec }) => [textIn(objectIn(metadata)["name"]), textsIn(objectIn(spec)["externalCIDRs"])]),
    );
  }

  decide(direction: Direction, packet: Packet): "allow" | "deny" | null {
    const [end, peer] =
      direction === "ingress" ? [packet.destination, packet.source] : [packet.source, packet.destination];
    const specs = this.#policies
      .filter((policy) => this.#selectsSubject(policy, end))
      .map(({ spec }) => objectIn(spec));
    const here = specs.filter(({ enableDefaultDeny }) => objectIn(enableDefaultDeny)[direction] === true);
    if (here.length === 0) return null;
    const hits = (section: string) =>
      here.some((spec) =>
        listIn(spec[section]).some((rule) => this.#ruleMatches(objectIn(rule), { direction, peer, packet, here: end })),
      );
    if (hits(`${direction}Deny`)) return "deny";
    return hits(direction) ? "allow" : "deny";
  }

  #selectsSubject({ metadata, spec }: JsonObject, end: End): boolean {
    const namespace = objectIn(metadata)["namespace"];
    if (!isPod(end) || (namespace !== undefined && namespace !== end.namespace)) return false;
    return selects(labelSelectorIn(objectIn(spec)["endpointSelector"]), identityOf(end));
  }

  #ruleMatches(
    rule: JsonObject,
    at: { readonly direction: Direction; readonly peer: End; readonly packet: Packet; readonly here: End },
  ): boolean {
    const side = at.direction === "ingress" ? "from" : "to";
    const entities = textsIn(rule[`${side}Entities`]);
    const endpoints = listIn(rule[`${side}Endpoints`]);
    const blocks = listIn(rule[`${side}CIDRSet`]);
    if (Object.keys(rule).length === 0) return false;
    const byPeer =
      entities.includes("all") ||
      (isPod(at.peer) && endpoints.some((one) => selects(labelSelectorIn(one), identityOf(at.peer)))) ||
      (!isPod(at.peer) && blocks.some((one) => this.#inBlock(objectIn(one), at.peer.ip)));
    return byPeer && this.#transport(rule, at.packet);
  }

  #inBlock({ cidr, except, cidrGroupRef }: JsonObject, ip: string): boolean {
    if (this.#nodeIps.includes(ip)) return false;
    const nets = cidrGroupRef === undefined ? [textIn(cidr)] : (this.#groups.get(textIn(cidrGroupRef)) ?? []);
    return nets.some((net) => contains(net, ip)) && !textsIn(except).some((net) => contains(net, ip));
  }

  #transport({ toPorts, icmps }: JsonObject, { protocol, port, icmpType }: Packet): boolean {
    if (icmps !== undefined)
      return (
        protocol === "ICMP" &&
        listIn(icmps)
          .flatMap((one) => listIn(objectIn(one)["fields"]))
          .some((one) => objectIn(one)["type"] === icmpType)
      );
    if (toPorts === undefined) return true;
    const fits = (value: JsonValue) => {
      const one = objectIn(value);
      const first = Number(textIn(one["port"]));
      const last = typeof one["endPort"] === "number" ? one["endPort"] : first;
      return one["protocol"] === protocol && (first === 0 || (first <= port && port <= last));
    };
    return listIn(toPorts).some((one) => listIn(objectIn(one)["ports"]).some(fits));
  }
}
