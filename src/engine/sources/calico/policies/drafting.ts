import type { SourceObject } from "../../../model/cluster/source-object.ts";
import type { JsonObject } from "../../../model/plan-types.ts";
import {
  type PolicyCode,
  type PolicyFinding,
  type PolicyParams,
  policyFinding,
} from "../../../model/policies/policy-codes.ts";
import { labelsNotSeen } from "../../../policies/identity-labels.ts";
import type { PolicyWorld } from "../../../policies/policy-world.ts";
import type { NetSet } from "./evaluate.ts";
import type { CalicoPolicy, Tier } from "./rules.ts";
import { asTerms, parseSelector, type Term } from "./selector.ts";

/** All that a draft is made from, and what is found on the way: with a problem there is no draft. */
export interface Drafting {
  readonly policy: CalicoPolicy;
  readonly all: readonly CalicoPolicy[];
  readonly world: PolicyWorld;
  readonly sets: readonly NetSet[];
  readonly hosts: readonly SourceObject[];
  readonly tiers: readonly Tier[];
  readonly problems: PolicyFinding[];
  readonly usedSets: Set<NetSet>;
}

export function problem<C extends PolicyCode>(at: Drafting, code: C, params: PolicyParams[C]): null {
  at.problems.push(policyFinding(code, params));
  return null;
}

const namespaceKey = "k8s:io.kubernetes.pod.namespace";
const accountKey = "k8s:io.cilium.k8s.policy.serviceaccount";
const namespaceLabel = "k8s:io.cilium.k8s.namespace.labels.";

const ofNamespace = (key: string): string =>
  key === "projectcalico.org/name" ? namespaceKey : `${namespaceLabel}${key}`;

/** As Cilium calls a label by which Calico selects pods; null where it has none. */
function ofPod(key: string): string | null {
  if (key === "projectcalico.org/namespace") return namespaceKey;
  if (key === "projectcalico.org/serviceaccount") return accountKey;
  if (key.startsWith("pcns.")) return ofNamespace(key.slice("pcns.".length));
  if (key.startsWith("pcsa.") || key.startsWith("projectcalico.org/")) return null;
  return key;
}

type Alternatives = readonly (readonly Term[])[];

/** A selector as alternatives in Cilium's labels; null, and a problem, where Cilium cannot say it. */
function translated(text: string, rename: (key: string) => string | null, at: Drafting): Alternatives | null {
  const read = parseSelector(text);
  const terms = read === null ? null : asTerms(read);
  if (terms === null) return problem(at, "selector-unknown", { selector: text });
  const renamed = terms.map((all) =>
    all.flatMap((term) => {
      const key = rename(term.key);
      return key === null ? [] : [{ ...term, key }];
    }),
  );
  if (renamed.some((all, index) => all.length < (terms[index]?.length ?? 0)))
    return problem(at, "selector-unknown", { selector: text });
  return renamed;
}

/** The same of the labels of pods, some of which Cilium does not see. */
export function podTerms(text: string, at: Drafting): Alternatives | null {
  const terms = translated(text, ofPod, at);
  const labels = labelsNotSeen((terms ?? []).flat().map(({ key }) => key));
  return labels.length > 0 ? problem(at, "label-not-seen", { labels }) : terms;
}

export const namespaceTerms = (text: string, at: Drafting): Alternatives | null => translated(text, ofNamespace, at);

export const inNamespace = (name: string): Term => ({ key: namespaceKey, operator: "In", values: [name] });
export const inAnyNamespace: Term = { key: namespaceKey, operator: "Exists" };
export const withAccount = (names: readonly string[]): Term => ({ key: accountKey, operator: "In", values: names });
export const isOfNamespace = ({ key }: Term): boolean => key === namespaceKey;

/** A label selector: what one value is asked of as a label, the rest as expressions. */
export function selectorOf(terms: readonly Term[]): JsonObject {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: JsonObject[] = [];
  for (const { key, operator, values } of terms) {
    const [only, ...more] = values ?? [];
    if (operator === "In" && only !== undefined && more.length === 0 && !(key in matchLabels)) matchLabels[key] = only;
    else matchExpressions.push({ key, operator, ...(values === undefined ? {} : { values }) });
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}
