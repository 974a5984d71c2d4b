import type { JsonObject, JsonValue } from "../model/plan-types.ts";

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** As helm merges value files: maps are merged, everything else, lists too, is replaced. */
export function deepMerge(under: JsonObject, over: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? deepMerge(below, value) : value;
  }
  return merged;
}

/** The value at a dotted path, or undefined. */
export function valueAt(values: JsonObject, path: string): JsonValue | undefined {
  let here: JsonValue | undefined = values;
  for (const key of path.split(".")) here = isObject(here) ? here[key] : undefined;
  return here;
}

/** Every leaf as a dotted path with its value; a list and an empty map count as leaves. */
export function leavesOf(values: JsonObject, prefix = ""): readonly (readonly [string, JsonValue])[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return isObject(value) && Object.keys(value).length > 0 ? leavesOf(value, path) : [[path, value] as const];
  });
}
