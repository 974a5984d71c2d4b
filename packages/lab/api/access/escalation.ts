import type { KubeObject } from "../../objects.ts";
import { ApiError } from "../../store/api-error.ts";
import type { Call } from "../serve/call.ts";
import { type Identity, masters } from "./identity.ts";
import { notCovered, type PolicyRule, rulesIn } from "./policy-rule.ts";

const group = "rbac.authorization.k8s.io";

/** Go's way of printing a rule, as in the API server's refusal. */
function goText({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: PolicyRule): string {
  const list = (items: readonly string[]) => `[${items.map((item) => JSON.stringify(item)).join(" ")}]`;
  const parts = [
    ["NonResourceURLs", nonResourceURLs],
    ["APIGroups", apiGroups],
    ["Resources", resources],
    ["ResourceNames", resourceNames],
    ["Verbs", verbs],
  ] as const;
  const told = parts.filter(([, items]) => items.length > 0).map(([name, items]) => `${name}:${list(items)}`);
  return `{${told.join(", ")}}`;
}

function refusal(plural: string, name: string, identity: Identity, rules: readonly PolicyRule[]): ApiError {
  const groups = identity.groups.map((one) => JSON.stringify(one)).join(" ");
  const message =
    `${plural}.${group} "${name}" is forbidden: user "${identity.username}" (groups=[${groups}]) is ` +
    `attempting to grant RBAC permissions not currently held:\n${rules.map(goText).toSorted().join("\n")}`;
  return new ApiError(403, "Forbidden", message, { name, group, kind: plural });
}

/** Upstream's RoleEscalationAuthorized: asked by the request's own name, and a POST has none, whatever its body is called. */
function mayEscalate({ world, identity, resource, namespace, name }: Call): boolean {
  const place = { namespace: namespace ?? "", name: name ?? "" };
  const question = { verb: "escalate", group, resource: resource.plural, subresource: "", ...place };
  return world.rbac.authorize(identity, question).allowed;
}

interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

const pluralOf = ({ kind }: RoleRef) => (kind === "Role" ? "roles" : "clusterroles");

/** Upstream's BindingAuthorized: by the name of the role that is referred to, in the namespace of the binding. */
function mayBind({ world, identity, namespace }: Call, roleRef: RoleRef): boolean {
  const place = { namespace: namespace ?? "", name: roleRef.name };
  const question = { verb: "bind", group, resource: pluralOf(roleRef), subresource: "", ...place };
  return world.rbac.authorize(identity, question).allowed;
}

/** Writers of roles and bindings may not hand out rights that they have not themselves. */
export function checkEscalation(call: Call, object: KubeObject): void {
  const { resource, identity } = call;
  if (resource.group !== group || identity.groups.includes(masters)) return;
  if (resource.plural.endsWith("bindings")) checkBinding(call, object);
  else if (!mayEscalate(call)) checkHeld(call, object, object);
}

/** Everything that the role gives must be held by who writes it, or a binding to it. */
function checkHeld({ identity, world, namespace, resource }: Call, written: KubeObject, role: KubeObject): void {
  const missing = notCovered(world.rbac.rules(identity, namespace ?? ""), rulesIn(role));
  if (missing.length > 0) throw refusal(resource.plural, written.metadata.name, identity, missing);
}

/** Of a binding: the right to bind that role, or all that it gives. */
function checkBinding(call: Call, binding: KubeObject): void {
  const roleRef = binding.roleRef as RoleRef;
  if (!mayBind(call, roleRef)) checkHeld(call, binding, referred(call, binding, roleRef));
}

/** A binding of a role that is not there gives nothing yet, but upstream refuses it all the same. */
function referred(call: Call, binding: KubeObject, { kind, name }: RoleRef): KubeObject {
  const place = call.namespace === null ? {} : { namespace: call.namespace };
  const role = call.world.rbac.roleOf({ ...binding, metadata: { ...binding.metadata, ...place } });
  if (role !== undefined) return role;
  const plural = pluralOf({ kind, name });
  throw new ApiError(404, "NotFound", `${plural}.${group} "${name}" not found`, { name, group, kind: plural });
}
