import { listAnswer } from "../list.ts";
import { podSubresources } from "../pods/pod-subresources.ts";
import { tokenAnswer } from "../token-request.ts";
import { watchAnswer } from "../watch.ts";
import { createAnswer, objectBody, patchAnswer, replaceAnswer } from "../write.ts";
import type { Answer } from "./answer.ts";
import { type Call, flag, methodNotAllowed, noSuchPath, targetOf } from "./call.ts";
import { deleteAnswer, deleteCollectionAnswer } from "./erase.ts";
import { objectAnswer } from "./object-answer.ts";

/** Answers a request to a resource, an object or a subresource. */
export function serveResource(call: Call): Answer | Promise<Answer> {
  if (call.namespace !== null && !call.resource.namespaced) throw noSuchPath();
  if (call.subresource !== null) return serveSubresource(call);
  return call.name === null ? serveCollection(call) : serveObject(call);
}

type Serve = (call: Call) => Answer | Promise<Answer>;

/** A method that a resource allows where its verbs name the verb. */
interface Method {
  readonly verb: string;
  readonly serve: Serve;
}

const onCollections: Readonly<Record<string, Method>> = {
  GET: { verb: "list", serve: listAnswer },
  POST: { verb: "create", serve: createAnswer },
  DELETE: { verb: "deletecollection", serve: deleteCollectionAnswer },
};

const onObjects: Readonly<Record<string, Method>> = {
  GET: { verb: "get", serve: (call) => objectAnswer(call, call.world.store.read(targetOf(call))) },
  PUT: { verb: "update", serve: replaceAnswer },
  PATCH: { verb: "patch", serve: patchAnswer },
  DELETE: { verb: "delete", serve: deleteAnswer },
};

const onParts: Readonly<Record<string, Serve>> = {
  GET: (call) => objectAnswer(call, call.world.store.read(targetOf(call), partOf(call))),
  PUT: replaceAnswer,
  PATCH: patchAnswer,
};

const partOf = ({ subresource }: Call) => (subresource === "scale" ? "scale" : "status");

function serveCollection(call: Call): Answer | Promise<Answer> {
  const { request, query, resource, namespace } = call;
  const method = onCollections[request.method ?? ""];
  if (!method) throw methodNotAllowed();
  if (request.method === "GET" && flag(query, "watch")) {
    require(call, "watch");
    return watchAnswer(call);
  }
  require(call, method.verb);
  // Writes to a collection need the namespace in the URL.
  if (request.method !== "GET" && resource.namespaced && namespace === null) throw methodNotAllowed();
  return method.serve(call);
}

function serveObject(call: Call): Answer | Promise<Answer> {
  if (call.resource.namespaced && call.namespace === null) throw noSuchPath();
  const method = onObjects[call.request.method ?? ""];
  if (!method) throw methodNotAllowed();
  require(call, method.verb);
  return method.serve(call);
}

function require({ resource }: Call, verb: string): void {
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
}

function serveSubresource(call: Call): Answer | Promise<Answer> {
  const { resource, version, subresource, request } = call;
  const served = resource.versions.find((candidate) => candidate.version === version)?.subresources ?? [];
  if (!served.some((candidate) => candidate.name === subresource)) throw noSuchPath();
  if (resource.namespaced && call.namespace === null) throw noSuchPath();
  const serve = specialSubresource(call) ?? onParts[request.method ?? ""];
  if (!serve) throw methodNotAllowed();
  return serve(call);
}

/** Subresources that are more than a part of their object. */
function specialSubresource({ resource, subresource, request }: Call) {
  if (resource.name === "pods" && subresource !== "status") {
    return podSubresources[`${request.method} ${subresource}`] ?? refuse;
  }
  if (resource.name === "serviceaccounts" && subresource === "token") {
    return request.method === "POST" ? tokenAnswer : refuse;
  }
  if (subresource === "finalize") return request.method === "PUT" ? finalizeAnswer : refuse;
  return null;
}

function refuse(): never {
  throw methodNotAllowed();
}

/** PUT namespaces/NAME/finalize: only taking "kubernetes" away means anything. */
async function finalizeAnswer(call: Call): Promise<Answer> {
  const body = await objectBody(call);
  const before = call.world.store.read(targetOf(call));
  const { finalizers = [] } = (body.spec ?? {}) as { finalizers?: readonly string[] };
  if (!finalizers.includes("kubernetes")) call.world.store.finalize(call.name ?? "");
  return objectAnswer(call, call.world.store.get("namespaces", null, call.name ?? "") ?? before);
}
