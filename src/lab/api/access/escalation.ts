import type { KubeObject } from "../../objects.ts";
import { ApiError } from "../../store/api-error.ts";
import type { Call } from "../call.ts";
import { type Identity, masters } from "./identity.ts";
import { firstNotCovered, type PolicyRule, rulesIn } from "./policy-rule.ts";
import type { Rbac } from "./rbac.ts";

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

function refusal({ resource }: Call, object: KubeObject, identity: Identity, rule: PolicyRule): ApiError {
  const { name } = object.metadata;
  const groups = identity.groups.map((one) => JSON.stringify(one)).join(" ");
  const message =
    `${resource.plural}.${group} "${name}" is forbidden: user "${identity.username}" (groups=[${groups}]) is ` +
    `attempting to grant RBAC permissions not currently held:\n${goText(rule)}`;
  return new ApiError(403, "Forbidden", message, { name, group, kind: resource.plural });
}

/** The right by which somebody may write what they have not: escalate of the role itself, bind of the one referred to. */
function excused(rbac: Rbac, identity: Identity, verb: "escalate" | "bind", role: KubeObject): boolean {
  const { namespace = "", name } = role.metadata;
  const resource = role.kind === "Role" ? "roles" : "clusterroles";
  return rbac.authorize(identity, { verb, group, resource, subresource: "", namespace, name }).allowed;
}

/** Writers of roles and bindings may not hand out rights that they have not themselves. */
export function checkEscalation(call: Call, object: KubeObject): void {
  const { resource, identity } = call;
  if (resource.group !== group || identity.groups.includes(masters)) return;
  const place = call.namespace === null ? {} : { namespace: call.namespace };
  const placed = { ...object, kind: resource.kind, metadata: { ...object.metadata, ...place } };
  if (resource.plural.endsWith("bindings")) checkBinding(call, placed);
  else checkGiven(call, placed, placed, "escalate");
}

/** What is given is the rules of `role`, by the object that is written. */
function checkGiven(call: Call, written: KubeObject, role: KubeObject, excuse: "escalate" | "bind"): void {
  const { identity, world } = call;
  if (excused(world.rbac, identity, excuse, role)) return;
  const held = world.rbac.rules(identity, written.metadata.namespace ?? "");
  const missing = firstNotCovered(held, rulesIn(role));
  if (missing !== null) throw refusal(call, written, identity, missing);
}

/** A binding of a role that is not there gives nothing yet, but upstream asks for `bind` of it all the same. */
function checkBinding(call: Call, binding: KubeObject): void {
  const role = call.world.rbac.roleOf(binding);
  if (role === undefined) checkBlindBinding(call, binding);
  else checkGiven(call, binding, role, "bind");
}

function checkBlindBinding({ identity, world, resource }: Call, binding: KubeObject): void {
  const { kind, name } = binding.roleRef as { readonly kind: string; readonly name: string };
  const { namespace = "" } = binding.metadata;
  const role = { ...binding, kind, metadata: { name, ...(kind === "Role" ? { namespace } : {}) } };
  if (excused(world.rbac, identity, "bind", role)) return;
  const plural = kind === "Role" ? "roles" : "clusterroles";
  throw new ApiError(404, "NotFound", `${plural}.${group} "${name}" not found`, {
    name,
    group,
    kind: resource.plural,
  });
}
