import type { SourceObject } from "../../../model/cluster/source-object.ts";
import type { ClusterFacts } from "../../../model/facts.ts";
import type { JsonObject, JsonValue } from "../../../model/plan-types.ts";
import { listIn, numberIn, objectIn, textIn, textsIn } from "../../../policies/json-in.ts";

/** Groups under which the kinds are served: by CRDs of their own, or by the API's own name. */
const crdGroup = "crd.projectcalico.org";
const apiGroup = "projectcalico.org";

export type Direction = "ingress" | "egress";

/** One end of a rule. */
export interface Entity {
  readonly selector: string;
  readonly notSelector: string;
  readonly namespaceSelector: string;
  readonly nets: readonly string[];
  readonly notNets: readonly string[];
  readonly ports: readonly JsonValue[];
  readonly notPorts: readonly JsonValue[];
  readonly serviceAccounts: readonly string[];
  readonly serviceAccountSelector: string;
  readonly services: boolean;
}

export interface Rule {
  readonly action: string;
  /** "" for any. */
  readonly protocol: string;
  readonly icmp: JsonObject;
  readonly source: Entity;
  readonly destination: Entity;
  /** Of its fields those that are none of the above: "http", "notProtocol". */
  readonly more: readonly string[];
}

export interface CalicoPolicy {
  /** In full. */
  readonly kind: string;
  readonly namespace: string | null;
  /** As the object is called. */
  readonly name: string;
  readonly tier: string;
  /** Infinity where it has none: after all others. */
  readonly order: number;
  readonly selector: string;
  readonly namespaceSelector: string;
  readonly serviceAccountSelector: string;
  readonly types: readonly Direction[];
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
  /** Of doNotTrack, preDNAT and applyOnForward those that are set. */
  readonly ofHosts: readonly string[];
  /** Fields of its spec that are none of the above. */
  readonly more: readonly string[];
}

function entityIn(value: JsonValue | undefined): Entity {
  const all = objectIn(value);
  const accounts = objectIn(all["serviceAccounts"]);
  return {
    selector: textIn(all["selector"]),
    notSelector: textIn(all["notSelector"]),
    namespaceSelector: textIn(all["namespaceSelector"]),
    nets: textsIn(all["nets"]),
    notNets: textsIn(all["notNets"]),
    ports: listIn(all["ports"]),
    notPorts: listIn(all["notPorts"]),
    serviceAccounts: textsIn(accounts["names"]),
    serviceAccountSelector: textIn(accounts["selector"]),
    services: all["services"] !== undefined,
  };
}

const ruleFields = ["action", "protocol", "icmp", "source", "destination", "metadata"];

function ruleIn(value: JsonValue): Rule {
  const all = objectIn(value);
  const { protocol } = all;
  return {
    action: textIn(all["action"]),
    protocol: typeof protocol === "number" ? `${protocol}` : textIn(protocol),
    icmp: objectIn(all["icmp"]),
    source: entityIn(all["source"]),
    destination: entityIn(all["destination"]),
    more: Object.keys(all).filter((key) => !ruleFields.includes(key)),
  };
}

const specFields = [
  "tier",
  "order",
  "selector",
  "namespaceSelector",
  "serviceAccountSelector",
  "types",
  "ingress",
  "egress",
  "doNotTrack",
  "preDNAT",
  "applyOnForward",
];

/** Where no types are written they follow from the rules. */
function typesOf(spec: JsonObject): readonly Direction[] {
  const written = textsIn(spec["types"]).map((type) => type.toLowerCase());
  const all = ["ingress", "egress"] as const;
  if (written.length > 0) return all.filter((type) => written.includes(type));
  const rules = all.filter((type) => listIn(spec[type]).length > 0);
  return rules.length === 0 ? ["ingress"] : rules;
}

export function policyIn(kind: string, { metadata, spec }: SourceObject, namespaced: boolean): CalicoPolicy {
  return {
    kind,
    namespace: namespaced ? (metadata.namespace ?? "default") : null,
    name: metadata.name,
    tier: textIn(spec["tier"]) || "default",
    order: numberIn(spec["order"]) ?? Number.POSITIVE_INFINITY,
    selector: textIn(spec["selector"]),
    namespaceSelector: textIn(spec["namespaceSelector"]),
    serviceAccountSelector: textIn(spec["serviceAccountSelector"]),
    types: typesOf(spec),
    ingress: listIn(spec["ingress"]).map(ruleIn),
    egress: listIn(spec["egress"]).map(ruleIn),
    ofHosts: ["doNotTrack", "preDNAT", "applyOnForward"].filter((field) => spec[field] === true),
    more: Object.keys(spec).filter((key) => !specFields.includes(key)),
  };
}

type Objects = ClusterFacts["sourceObjects"];

/** Of one kind: by CRDs of its own or, where those are not served, by the API's own group. Its API server would show each twice. */
export function objectsOf(objects: Objects, resource: string): readonly SourceObject[] {
  const own = objects[`${resource}.${crdGroup}`] ?? [];
  return own.length > 0 ? own : (objects[`${resource}.${apiGroup}`] ?? []);
}

/** Under which group a kind's objects were found. */
export const kindOf = (objects: Objects, resource: string): string =>
  `${resource}.${(objects[`${resource}.${crdGroup}`] ?? []).length > 0 ? crdGroup : apiGroup}`;

/** Calico's own policies, in the order of their names. */
export const calicoPolicies = (objects: Objects): readonly CalicoPolicy[] =>
  (["networkpolicies", "globalnetworkpolicies"] as const).flatMap((resource) =>
    objectsOf(objects, resource).map((object) =>
      policyIn(kindOf(objects, resource), object, resource === "networkpolicies"),
    ),
  );

/** Tiers by their order, as far as they are known; the last one is "default" unless it says otherwise. */
export interface Tier {
  readonly name: string;
  readonly order: number;
  readonly passes: boolean;
}

export function tiersOf(objects: Objects): readonly Tier[] {
  const known = objectsOf(objects, "tiers").map(({ metadata, spec }) => ({
    name: metadata.name,
    order: numberIn(spec["order"]) ?? (metadata.name === "default" ? 1_000_000 : Number.POSITIVE_INFINITY),
    passes: textIn(spec["defaultAction"]) === "Pass",
  }));
  const all = known.some(({ name }) => name === "default")
    ? known
    : [...known, { name: "default", order: 1_000_000, passes: false }];
  return all.toSorted((a, b) => a.order - b.order || a.name.localeCompare(b.name));
}
