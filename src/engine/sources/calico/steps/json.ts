import type { JsonObject, JsonValue } from "../../../model/plan-types.ts";

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is at a path of an object that others write: undefined where anything on the way is missing or of another type. */
export const part = (object: JsonValue | undefined, ...path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), object);

export const listAt = (object: JsonValue | undefined, ...path: readonly string[]): readonly JsonValue[] => {
  const found = part(object, ...path);
  return Array.isArray(found) ? (found as readonly JsonValue[]) : [];
};

export const numberAt = (object: JsonValue | undefined, ...path: readonly string[]): number => {
  const found = part(object, ...path);
  return typeof found === "number" ? found : 0;
};

export const textAt = (object: JsonValue | undefined, ...path: readonly string[]): string => {
  const found = part(object, ...path);
  return typeof found === "string" ? found : "";
};
