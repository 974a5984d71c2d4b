import type { KubeObject } from "../objects.ts";
import { badRequest } from "../store/api-error.ts";
import { authenticated, type Identity } from "./access/identity.ts";
import type { PolicyRule, Question } from "./access/policy-rule.ts";
import { type Answer, json } from "./serve/answer.ts";
import { type Call, methodNotAllowed } from "./serve/call.ts";
import { stepInto } from "./serve/step-into.ts";

type Review = (call: Call, body: KubeObject) => Record<string, unknown>;

/** Kinds that are computed from the request and never stored. */
const reviews: Readonly<Record<string, Review>> = {
  SelfSubjectAccessReview: (call, body) => accessStatus(call, body, call.identity),
  SubjectAccessReview: (call, body) => accessStatus(call, body, subjectIn(body)),
  LocalSubjectAccessReview: (call, body) => accessStatus(call, body, subjectIn(body)),
  SelfSubjectRulesReview: rulesStatus,
  SelfSubjectReview: ({ identity }) => ({ userInfo: identity }),
  TokenReview: tokenStatus,
};

/** Whom a review is about that names its subject; nobody else's groups are added. */
function subjectIn({ spec }: KubeObject): Identity {
  const [user, groups] = [stepInto(spec, ["user"]), stepInto(spec, ["groups"])];
  return { username: typeof user === "string" ? user : "", groups: Array.isArray(groups) ? groups.map(String) : [] };
}

const word = (value: unknown) => (typeof value === "string" ? value : "");

function questionIn({ spec }: KubeObject): Question {
  const resource = stepInto(spec, ["resourceAttributes"]);
  const path = stepInto(spec, ["nonResourceAttributes"]);
  if (path) return { verb: word(stepInto(path, ["verb"])), path: word(stepInto(path, ["path"])) };
  if (!resource) throw badRequest("exactly one of nonResourceAttributes or resourceAttributes must be specified");
  const of = (field: string) => word(stepInto(resource, [field]));
  return {
    verb: of("verb"),
    group: of("group"),
    resource: of("resource"),
    subresource: of("subresource"),
    namespace: of("namespace"),
    name: of("name"),
  };
}

function accessStatus({ world }: Call, body: KubeObject, identity: Identity): Record<string, unknown> {
  const { allowed, reason } = world.rbac.decide(identity, questionIn(body));
  return { allowed, ...(reason === "" ? {} : { reason }) };
}

/** Lists that are empty are left out, as Go's omitempty does. */
function written(rule: PolicyRule, fields: readonly (keyof PolicyRule)[]): Record<string, readonly string[]> {
  const told = fields.filter((field) => field === "verbs" || rule[field].length > 0);
  return Object.fromEntries(told.map((field) => [field, rule[field]]));
}

function rulesStatus({ world, identity }: Call, { spec }: KubeObject): Record<string, unknown> {
  const namespace = word(stepInto(spec, ["namespace"]));
  if (namespace === "") throw badRequest("no namespace on request");
  const rules = world.rbac.rules(identity, namespace);
  const about = (field: "resources" | "nonResourceURLs") => rules.filter((rule) => rule[field].length > 0);
  return {
    resourceRules: about("resources").map((rule) =>
      written(rule, ["verbs", "apiGroups", "resources", "resourceNames"]),
    ),
    nonResourceRules: about("nonResourceURLs").map((rule) => written(rule, ["verbs", "nonResourceURLs"])),
    incomplete: false,
  };
}

function tokenStatus({ world }: Call, { spec }: KubeObject): Record<string, unknown> {
  const token = word(stepInto(spec, ["token"]));
  const found = world.users.tokens.get(token) ?? world.users.accounts.open(token);
  return found ? { authenticated: true, user: authenticated(found) } : { authenticated: false };
}

/** POST of a review: the body with its status filled in. */
export function reviewAnswer(call: Call, body: KubeObject): Answer {
  const review = reviews[call.resource.kind];
  if (!review) throw methodNotAllowed();
  const metadata = { ...body.metadata, creationTimestamp: null };
  return json({ ...body, kind: call.resource.kind, metadata, status: review(call, body) }, 201);
}
