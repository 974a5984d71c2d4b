import type { KubeObject } from "../../objects.ts";
import { ApiError, badRequest, invalid } from "../api-error.ts";
import type { Patch } from "../api-store.ts";
import { type Attempt, isolatesStatus, shapeOf } from "../attempt.ts";
import { isTree, type Tree } from "../json-tree.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { strategicMerge } from "./strategic-merge.ts";

/** An object after a JSON, merge or strategic merge patch. */
export function patched(attempt: Attempt, shown: unknown, patch: Patch): unknown {
  if (patch.type === "json") return jsonPatch(shown, patch.body);
  if (!isTree(patch.body)) {
    throw badRequest(
      "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    );
  }
  if (patch.type === "merge") return mergePatch(shown, patch.body);
  if (attempt.resource.custom) {
    throw new ApiError(
      415,
      "UnsupportedMediaType",
      "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, " +
        "application/merge-patch+json, application/apply-patch+yaml",
    );
  }
  return strategicMerge(shown, patch.body, shapeOf(attempt)) ?? {};
}

/** The configuration of a server-side apply, cut to what its endpoint may set. */
export function configurationOf(attempt: Attempt, body: unknown): Tree {
  const { request, resource } = attempt;
  if (!request.manager) throw managerless();
  if (!isTree(body) || !body.apiVersion || !body.kind) {
    throw badRequest(`an apply configuration of ${resource.plural} must say its apiVersion and kind`);
  }
  const metadata = isTree(body.metadata) ? body.metadata : {};
  if (Array.isArray(metadata.managedFields) && metadata.managedFields.length > 0) {
    throw badRequest("metadata.managedFields must be nil");
  }
  const { managedFields: _, ...named } = metadata;
  const { status, ...main } = body;
  const { apiVersion, kind } = body;
  if (request.subresource === "status") return { apiVersion, kind, metadata: named, status };
  return { ...main, metadata: named, status: isolatesStatus(attempt) ? undefined : status };
}

function managerless(): ApiError {
  const message = "Required value: is required for apply patch";
  const cause = { reason: "FieldValueRequired", message, field: "fieldManager" };
  return invalid({ group: "meta.k8s.io", kind: "PatchOptions" }, "", [cause]);
}

/** An apply merges into the live object even where nobody has a resourceVersion to give. */
export function unguarded(object: KubeObject, config: Tree): KubeObject {
  const wanted = isTree(config.metadata) ? config.metadata.resourceVersion : undefined;
  const resourceVersion = typeof wanted === "string" && wanted ? wanted : object.metadata.resourceVersion;
  return { ...object, metadata: { ...object.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
}
