import { stepInto } from "../serve/step-into.ts";

/** rbac.authorization.k8s.io/v1 PolicyRule, with every list there. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** authorizer.Attributes of a request for objects; "" is none, for `namespace` all of them or a cluster-wide kind. */
export interface ResourceQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** It is tried and not kept. */
  readonly dryRun?: true;
}

/** What may be asked of the authorizer: about objects, or about a path such as /version. */
export type Question = ResourceQuestion | { readonly verb: string; readonly path: string };

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];

/** The rules of a Role or ClusterRole as stored. */
export function rulesIn(role: unknown): readonly PolicyRule[] {
  const rules = stepInto(role, ["rules"]);
  return (Array.isArray(rules) ? rules : []).map((rule) => ({
    verbs: texts(stepInto(rule, ["verbs"])),
    apiGroups: texts(stepInto(rule, ["apiGroups"])),
    resources: texts(stepInto(rule, ["resources"])),
    resourceNames: texts(stepInto(rule, ["resourceNames"])),
    nonResourceURLs: texts(stepInto(rule, ["nonResourceURLs"])),
  }));
}

const has = (list: readonly string[], wanted: string) => list.includes("*") || list.includes(wanted);

/** "*" is every resource and subresource, and "*" before a slash that subresource of all. */
function hasResource(list: readonly string[], resource: string, subresource: string): boolean {
  if (list.includes("*")) return true;
  if (subresource === "") return list.includes(resource);
  return list.includes(`${resource}/${subresource}`) || list.includes(`*/${subresource}`);
}

/** "/healthz/*" is all below it, as upstream's NonResourceURLMatches. */
const hasPath = (list: readonly string[], path: string) =>
  list.some((url) => url === "*" || url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))));

/** Does this one rule allow it? As upstream's VisitRulesFor and RuleAllows. */
export function ruleAllows(rule: PolicyRule, question: Question): boolean {
  if (!has(rule.verbs, question.verb)) return false;
  if ("path" in question) return hasPath(rule.nonResourceURLs, question.path);
  return (
    has(rule.apiGroups, question.group) &&
    hasResource(rule.resources, question.resource, question.subresource) &&
    (rule.resourceNames.length === 0 || rule.resourceNames.includes(question.name))
  );
}

/** One question a verb, group, resource and name of a rule: what upstream breaks rules into to compare them. */
function questionsOf(rule: PolicyRule): readonly Question[] {
  const paths = rule.nonResourceURLs.flatMap((path) => rule.verbs.map((verb) => ({ verb, path })));
  const names = rule.resourceNames.length === 0 ? [""] : rule.resourceNames;
  const objects = rule.verbs.flatMap((verb) =>
    rule.apiGroups.flatMap((group) =>
      rule.resources.flatMap((whole) => {
        const [resource = "", subresource = ""] = whole.split("/");
        return names.map((name) => ({ verb, group, resource, subresource, namespace: "", name }));
      }),
    ),
  );
  return [...paths, ...objects];
}

/** Those of `wanted` that `held` does not wholly cover: nobody may give what they have not. */
export function notCovered(held: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  const covers = (question: Question) => held.some((rule) => ruleAllows(rule, question));
  return wanted.filter((rule) => !questionsOf(rule).every(covers));
}
