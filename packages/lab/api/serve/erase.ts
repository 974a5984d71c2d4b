import type { KubeObject } from "../../objects.ts";
import { badRequest } from "../../store/api-error.ts";
import type { EraseOptions } from "../../store/api-store.ts";
import { listPieces } from "../list.ts";
import { isDryRun } from "../write.ts";
import { type Answer, json } from "./answer.ts";
import { type Call, targetOf, wholeNumber } from "./call.ts";
import { selectorOf } from "./list-options.ts";
import { objectAnswer } from "./object-answer.ts";
import { collect, decodeBody } from "./read-body.ts";
import { stepInto } from "./step-into.ts";

/** Kinds whose storage answers a completed delete with the object instead of a Status, as upstream's registries say. */
const answeredWithObject = new Set([
  "pods",
  "services",
  "serviceaccounts",
  "persistentvolumes",
  "persistentvolumeclaims",
  "podtemplates",
  "resourcequotas",
]);

/** DELETE of one object. */
export async function deleteAnswer(call: Call): Promise<Answer> {
  const { resource, name } = call;
  const { object, gone } = call.world.store.erase(targetOf(call), await eraseOptions(call));
  if (!gone || answeredWithObject.has(resource.name)) return objectAnswer(call, object);
  const group = resource.group ? { group: resource.group } : {};
  const details = { name, ...group, kind: resource.plural, uid: object.metadata.uid };
  return json({ kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", details });
}

/** DELETE of a collection: those that the selectors leave, as a list. */
export async function deleteCollectionAnswer(call: Call): Promise<Answer> {
  const { world, resource, namespace, version, query } = call;
  const matches = selectorOf(query, resource) ?? (() => true);
  const options = await eraseOptions(call);
  const items = world.store.eraseAll({ resource: resource.name, namespace, version }, matches, options);
  const meta = { resourceVersion: world.store.resourceVersion() };
  return { kind: "pieces", pieces: listPieces(call, { items, meta }) };
}

/** DeleteOptions from the body, else from the query, as the API server takes them. */
async function eraseOptions(call: Call): Promise<EraseOptions> {
  const { request, query } = call;
  const body = decodeBody(await collect(request), request.headers["content-type"]);
  const options = body === undefined || body === null ? optionsInQuery(query) : (body as KubeObject);
  const dryRun = [...query.getAll("dryRun"), ...((options.dryRun as string[] | undefined) ?? [])];
  return { dryRun: isDryRun(dryRun), ...grace(options), ...propagation(options), ...preconditions(options) };
}

type Options = Readonly<Record<string, unknown>>;

function optionsInQuery(query: URLSearchParams): Options {
  const policy = query.get("propagationPolicy");
  const orphan = query.get("orphanDependents");
  return {
    gracePeriodSeconds: wholeNumber(query, "gracePeriodSeconds"),
    ...(policy ? { propagationPolicy: policy } : {}),
    ...(orphan ? { orphanDependents: orphan === "true" } : {}),
  };
}

function grace({ gracePeriodSeconds }: Options): { graceSeconds?: number } {
  if (gracePeriodSeconds === undefined || gracePeriodSeconds === null) return {};
  if (typeof gracePeriodSeconds !== "number") throw badRequest("gracePeriodSeconds is not a number");
  return { graceSeconds: Math.max(gracePeriodSeconds, 0) };
}

function propagation({ propagationPolicy, orphanDependents }: Options): Pick<EraseOptions, "propagation"> {
  if (orphanDependents === true) return { propagation: "Orphan" };
  if (propagationPolicy === undefined || propagationPolicy === null) return {};
  if (propagationPolicy === "Background" || propagationPolicy === "Foreground" || propagationPolicy === "Orphan") {
    return { propagation: propagationPolicy };
  }
  throw badRequest(`propagationPolicy ${JSON.stringify(propagationPolicy)} is none of Background, Foreground, Orphan`);
}

function preconditions(options: Options): Pick<EraseOptions, "uid" | "resourceVersion"> {
  const uid = stepInto(options, ["preconditions", "uid"]);
  const resourceVersion = stepInto(options, ["preconditions", "resourceVersion"]);
  return {
    ...(typeof uid === "string" ? { uid } : {}),
    ...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
  };
}
