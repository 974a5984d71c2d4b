import type { KubeObject } from "../objects.ts";
import { badRequest, invalid } from "../store/api-error.ts";
import type { WriteRequest } from "../store/api-store.ts";
import { checkEscalation } from "./access/escalation.ts";
import { notAllowed } from "./access/request-question.ts";
import { reviewAnswer } from "./reviews.ts";
import type { Answer } from "./serve/answer.ts";
import { type Call, flag, targetOf } from "./serve/call.ts";
import { objectAnswer } from "./serve/object-answer.ts";
import { collect, decodeBody, decodePatch } from "./serve/read-body.ts";

/** Body of a write as an object; 400 when there is none. */
export async function objectBody(call: Call): Promise<KubeObject> {
  const { request } = call;
  const body = decodeBody(await collect(request), request.headers["content-type"]);
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw badRequest("an object is required in the body of the request");
  }
  return body as KubeObject;
}

/** POST of a collection. */
export async function createAnswer(call: Call): Promise<Answer> {
  const body = await objectBody(call);
  if (!call.resource.stored) return reviewAnswer(call, body);
  checkEscalation(call, body);
  return objectAnswer(call, call.world.store.post(targetOf(call), body, writeRequest(call)), 201);
}

/** PUT of an object or of its status or scale. */
export async function replaceAnswer(call: Call): Promise<Answer> {
  const body = await objectBody(call);
  checkMayCreate(call);
  checkEscalation(call, body);
  const { object, created } = call.world.store.put(targetOf(call), body, writeRequest(call));
  return objectAnswer(call, object, created ? 201 : 200);
}

/** PATCH in one of its four kinds. */
export async function patchAnswer(call: Call): Promise<Answer> {
  const { request, query } = call;
  const patch = decodePatch(await collect(request), request.headers["content-type"]);
  if (patch.type === "apply" && !query.get("fieldManager")) {
    refuse("fieldManager", "FieldValueRequired", "Required value: is required for apply patch");
  }
  if (patch.type !== "apply" && query.has("force")) {
    refuse("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch");
  }
  if (patch.type === "apply") checkMayCreate(call);
  if (call.resource.group === "rbac.authorization.k8s.io") {
    const dry = { ...writeRequest(call), dryRun: true };
    checkEscalation(call, call.world.store.patch(targetOf(call), patch, dry).object);
  }
  const { object, created } = call.world.store.patch(targetOf(call), patch, writeRequest(call));
  return objectAnswer(call, object, created ? 201 : 200);
}

/** A PUT or an apply that would make its object needs the right to create as well. */
function checkMayCreate(call: Call): void {
  const { world, identity, resource, subresource } = call;
  const { namespace, name } = { namespace: call.namespace ?? "", name: call.name ?? "" };
  if (subresource !== null || world.store.get(resource.name, call.namespace, name) !== undefined) return;
  const question = { verb: "create", group: resource.group, resource: resource.plural, subresource: "" };
  const whole = { ...question, namespace, name };
  const { allowed, reason } = world.rbac.authorize(identity, whole);
  if (!allowed) throw notAllowed(identity, whole, reason);
}

/** Query parameters and headers that every write has in common. */
function writeRequest(call: Call): WriteRequest {
  const { query, subresource, request } = call;
  const manager = query.get("fieldManager") || firstWord(request.headers["user-agent"]);
  return {
    dryRun: isDryRun(query.getAll("dryRun")),
    force: flag(query, "force"),
    ...(manager ? { manager } : {}),
    ...(subresource === "status" || subresource === "scale" || subresource === "finalize" ? { subresource } : {}),
  };
}

/** True for dryRun=All, the only value that exists. */
export function isDryRun(values: readonly string[]): boolean {
  for (const value of values) {
    if (value === "All") continue;
    refuse("dryRun", "FieldValueNotSupported", `Unsupported value: ${JSON.stringify(value)}: supported values: "All"`);
  }
  return values.length > 0;
}

function refuse(field: string, reason: string, message: string): never {
  throw invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [{ reason, message, field }]);
}

/** "kubectl/v1.35.2 (linux/amd64)" → "kubectl", the field manager that the API server makes of it. */
function firstWord(userAgent: string | undefined): string {
  return (userAgent ?? "").split("/")[0]?.slice(0, 128) ?? "";
}
