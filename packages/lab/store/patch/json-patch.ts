import jsonpatch, { type Operation } from "fast-json-patch";
import { ApiError, badRequest } from "../api-error.ts";
import { isTree } from "../json-tree.ts";

const operationLimit = 10_000;

/** RFC 6902; a failed `test` answers 422 as the API server does. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isTree)) {
    throw badRequest("error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  }
  if (patch.length > operationLimit) {
    const message = `The allowed maximum operations in a JSON patch is ${operationLimit}, got ${patch.length}`;
    throw new ApiError(413, "RequestEntityTooLarge", message);
  }
  try {
    return jsonpatch.applyPatch(target, patch as unknown as Operation[], true, false).newDocument;
  } catch (fault) {
    throw refused(fault);
  }
}

function refused(fault: unknown): ApiError {
  const name = fault instanceof Error ? fault.name : "";
  const index = isTree(fault) ? Number(fault.index ?? 0) : 0;
  const message = "the server rejected our request due to an error in our request";
  const causes = [{ reason: "UnexpectedServerResponse", message: `operation ${index}: ${name}` }];
  return new ApiError(422, "Invalid", message, { causes });
}
