import type { KubeObject } from "../../objects.ts";
import type { ApiStore } from "../../store/api-store.ts";
import type { ApiPresence } from "../serve/restart.ts";
import { stepInto } from "../serve/step-into.ts";
import { type Identity, masters } from "./identity.ts";
import { type PolicyRule, type Question, ruleAllows, rulesIn } from "./policy-rule.ts";

/** The authorizer's answer; the reason is what access reviews and 403s show. */
export interface Authorization {
  readonly allowed: boolean;
  readonly reason: string;
}

const group = "rbac.authorization.k8s.io";

/** Which subject of a binding it is by that this user is meant, or null. */
function matchOf(identity: Identity, subject: unknown, bindingNamespace: string): string | null {
  const [kind, name] = [stepInto(subject, ["kind"]), stepInto(subject, ["name"])];
  if (typeof name !== "string") return null;
  if (kind === "User") return identity.username === name ? `User "${name}"` : null;
  if (kind === "Group") return identity.groups.includes(name) ? `Group "${name}"` : null;
  if (kind !== "ServiceAccount") return null;
  const given = stepInto(subject, ["namespace"]);
  const namespace = typeof given === "string" && given !== "" ? given : bindingNamespace;
  const isMeant = identity.username === `system:serviceaccount:${namespace}:${name}`;
  return isMeant ? `ServiceAccount "${name}/${namespace}"` : null;
}

function subjectOf(identity: Identity, binding: KubeObject): string | null {
  const subjects = Array.isArray(binding.subjects) ? binding.subjects : [];
  for (const subject of subjects) {
    const found = matchOf(identity, subject, binding.metadata.namespace ?? "");
    if (found !== null) return found;
  }
  return null;
}

/** A rule that a user has, and by what. */
interface Grant {
  readonly rule: PolicyRule;
  readonly by: string;
}

/** RBAC as the API server has it; aggregated ClusterRoles aside, whose rules a controller would fill in. */
export class Rbac {
  readonly #store: ApiStore;
  readonly #presence: Pick<ApiPresence, "knowsRolesOf">;
  readonly #onAllowed: (identity: Identity, question: Question) => void;

  constructor(
    store: ApiStore,
    presence: Pick<ApiPresence, "knowsRolesOf">,
    onAllowed: (identity: Identity, question: Question) => void = () => undefined,
  ) {
    this.#store = store;
    this.#presence = presence;
    this.#onAllowed = onAllowed;
  }

  /** For what is really being done. */
  authorize(identity: Identity, question: Question): Authorization {
    const answer = this.decide(identity, question);
    if (answer.allowed) this.#onAllowed(identity, question);
    return answer;
  }

  /** For who only asks whether it could be done. */
  decide(identity: Identity, question: Question): Authorization {
    if (identity.groups.includes(masters)) return { allowed: true, reason: "" };
    if (!this.#presence.knowsRolesOf(identity)) return { allowed: false, reason: "" };
    const namespace = "path" in question ? "" : question.namespace;
    for (const { rule, by } of this.#grants(identity, namespace)) {
      if (ruleAllows(rule, question)) return { allowed: true, reason: `RBAC: allowed by ${by}` };
    }
    return { allowed: false, reason: "" };
  }

  /** Whether the roles are known, after a start of the server, for whoever asks. */
  knowsRolesOf(identity: Identity): boolean {
    return this.#presence.knowsRolesOf(identity);
  }

  /** All rules that hold for the user in a namespace; "" for cluster-wide ones alone. */
  rules(identity: Identity, namespace: string): readonly PolicyRule[] {
    if (identity.groups.includes(masters)) return [everything, everyPath];
    return [...this.#grants(identity, namespace)].map(({ rule }) => rule);
  }

  /** The rules of what a binding's roleRef names; undefined where there is no such role. */
  roleOf(binding: KubeObject): KubeObject | undefined {
    const [kind, name] = [stepInto(binding.roleRef, ["kind"]), stepInto(binding.roleRef, ["name"])];
    if (typeof name !== "string") return undefined;
    return kind === "Role"
      ? this.#store.get(`${group}/roles`, binding.metadata.namespace ?? "", name)
      : this.#store.get(`${group}/clusterroles`, null, name);
  }

  *#grants(identity: Identity, namespace: string): Generator<Grant> {
    yield* this.#from(identity, this.#store.listAt(`${group}/clusterrolebindings`).items);
    if (namespace !== "") yield* this.#from(identity, this.#store.listAt(`${group}/rolebindings`, namespace).items);
  }

  *#from(identity: Identity, bindings: readonly KubeObject[]): Generator<Grant> {
    for (const binding of bindings) {
      const subject = subjectOf(identity, binding);
      const role = subject === null ? undefined : this.roleOf(binding);
      if (role === undefined) continue;
      const place = binding.metadata.namespace === undefined ? "" : `/${binding.metadata.namespace}`;
      const by = `${binding.kind} "${binding.metadata.name}${place}" of ${role.kind} "${role.metadata.name}" to ${subject}`;
      for (const rule of rulesIn(role)) yield { rule, by };
    }
  }
}

const none: readonly string[] = [];
const everything: PolicyRule = {
  verbs: ["*"],
  apiGroups: ["*"],
  resources: ["*"],
  resourceNames: none,
  nonResourceURLs: none,
};
const everyPath: PolicyRule = {
  verbs: ["*"],
  apiGroups: none,
  resources: none,
  resourceNames: none,
  nonResourceURLs: ["*"],
};
