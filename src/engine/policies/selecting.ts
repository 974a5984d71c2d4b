import { selects } from "../drain/selector.ts";
import type { LabelSelector, PodFacts } from "../model/facts.ts";
import type { JsonObject, JsonValue } from "../model/plan-types.ts";
import type { PolicyEndpoint } from "../model/policies/policy-settings.ts";
import { listIn, objectIn, textIn, textsIn } from "./json-in.ts";
import { labelSelectorIn } from "./kubernetes-policies.ts";

type Direction = "ingress" | "egress";

/** Whom a policy, or a part of one, selects, and what it does to them. */
interface Selecting {
  readonly selector: LabelSelector;
  /** In which it denies what no policy allows. */
  readonly directions: readonly Direction[];
  /** In which it has rules that deny, whatever others allow. */
  readonly refuses: readonly Direction[];
}

/** A policy of the cluster as Cilium enforces it: whom it selects, and in which directions it denies what it does not allow. */
export interface EnforcedPolicy {
  /** Kind and name as they are shown. */
  readonly name: string;
  /** Null for one of the whole cluster. */
  readonly namespace: string | null;
  readonly selectors: readonly Selecting[];
  /** What audit mode does not let through: rules that a proxy carries out, or that demand authentication. */
  readonly denies: boolean;
}

const both: readonly Direction[] = ["ingress", "egress"];

/** Cilium writes where a label comes from before its key; Kubernetes' are all that pods have. */
const bareKey = (key: string) => key.replace(/^(k8s|any)[:.]/, "");

function bare({ matchLabels = {}, matchExpressions = [] }: LabelSelector): LabelSelector {
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [bareKey(key), value])),
    matchExpressions: matchExpressions.map((one) => ({ ...one, key: bareKey(one.key) })),
  };
}

const ofKubernetes = ({ policyTypes, egress }: JsonObject): readonly Direction[] =>
  policyTypes === undefined
    ? both.filter((one) => one === "ingress" || egress !== undefined)
    : both.filter((one) => textsIn(policyTypes).some((type) => type.toLowerCase() === one));

const ofCilium = (spec: JsonObject): readonly Direction[] =>
  both.filter((one) => {
    const wanted = objectIn(spec["enableDefaultDeny"])[one];
    return typeof wanted === "boolean" ? wanted : [one, `${one}Deny`].some((section) => spec[section] !== undefined);
  });

const byProxy = (spec: JsonObject): boolean =>
  both
    .flatMap((one) => listIn(spec[one]))
    .map(objectIn)
    .some(
      ({ toPorts, authentication }) =>
        authentication !== undefined ||
        listIn(toPorts)
          .map(objectIn)
          .some(({ rules, listener }) => rules !== undefined || listener !== undefined),
    );

function placeOf(object: JsonObject): { readonly name: string; readonly namespace: string | null } {
  const { name, namespace } = objectIn(object["metadata"]);
  return { name: textIn(name), namespace: textIn(namespace) || null };
}

/** A NetworkPolicy of the cluster. */
export function kubernetesPolicy(object: JsonObject): EnforcedPolicy {
  const place = placeOf(object);
  const namespace = place.namespace ?? "default";
  const spec = objectIn(object["spec"]);
  return {
    name: `networkpolicies.networking.k8s.io ${namespace}/${place.name}`,
    namespace,
    selectors: [{ selector: labelSelectorIn(spec["podSelector"]), directions: ofKubernetes(spec), refuses: [] }],
    denies: false,
  };
}

/** One of Cilium's own, of the kind that has this plural. */
export function ciliumPolicy(plural: string, object: JsonObject): EnforcedPolicy {
  const { name, namespace } = placeOf(object);
  const specs = [object["spec"], ...listIn(object["specs"])].map((spec: JsonValue | undefined) => objectIn(spec));
  return {
    name: `${plural}.cilium.io ${namespace === null ? "" : `${namespace}/`}${name}`,
    namespace,
    selectors: specs
      .filter(({ endpointSelector }) => endpointSelector !== undefined)
      .map((spec) => ({
        selector: bare(labelSelectorIn(spec["endpointSelector"])),
        directions: ofCilium(spec),
        refuses: both.filter((one) => spec[`${one}Deny`] !== undefined),
      })),
    denies: specs.some(byProxy),
  };
}

/** The policies of the three kinds that Cilium enforces, of lists as the cluster has them. */
export const enforcedPolicies = (lists: {
  readonly kubernetes: readonly JsonObject[];
  readonly cilium: readonly JsonObject[];
  readonly clusterwide: readonly JsonObject[];
}): readonly EnforcedPolicy[] => [
  ...lists.kubernetes.map(kubernetesPolicy),
  ...lists.cilium.map((one) => ciliumPolicy("ciliumnetworkpolicies", one)),
  ...lists.clusterwide.map((one) => ciliumPolicy("ciliumclusterwidenetworkpolicies", one)),
];

const namespaceLabel = "io.kubernetes.pod.namespace";

/** A pod's labels as Cilium knows them: with its namespace. */
export const labelsInCilium = ({ namespace, labels }: Pick<PodFacts, "namespace" | "labels">) => ({
  ...labels,
  [namespaceLabel]: namespace,
});

/** Whether a policy selects an endpoint and denies it in a direction what none allows; with "refuses": whether it has rules that deny. */
export const guards = (
  { namespace, selectors }: EnforcedPolicy,
  { labels }: Pick<PolicyEndpoint, "labels">,
  direction: Direction,
  how: "directions" | "refuses" = "directions",
): boolean =>
  (namespace === null || namespace === labels[namespaceLabel]) &&
  selectors.some((one) => one[how].includes(direction) && selects(one.selector, labels));

/** By name, the policies for whose sake an endpoint is closed in a direction to what none of them allows. */
export const guarding = (
  policies: readonly EnforcedPolicy[],
  endpoint: Pick<PolicyEndpoint, "labels">,
  direction: Direction,
): readonly string[] => policies.filter((policy) => guards(policy, endpoint, direction)).map(({ name }) => name);
