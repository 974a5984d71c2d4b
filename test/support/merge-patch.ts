import type { JsonObject, JsonValue } from "../../src/engine/model/plan-types.ts";

/** As the API server applies a JSON merge patch. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const old = typeof target === "object" && target !== null && !Array.isArray(target) ? (target as JsonObject) : {};
  const next: Record<string, JsonValue> = { ...old };
  for (const [key, value] of Object.entries(patch as JsonObject)) {
    if (value === null) delete next[key];
    else next[key] = mergePatch(old[key], value);
  }
  return next;
}
