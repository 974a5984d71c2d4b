import type { JsonObject, JsonValue } from "../model/plan-types.ts";

/** Objects are others' work: what is missing or of another type is as if it were not there. */
export const objectIn = (value: JsonValue | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

export const listIn = (value: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]) : [];

export const textIn = (value: JsonValue | undefined): string => (typeof value === "string" ? value : "");

export const textsIn = (value: JsonValue | undefined): readonly string[] =>
  listIn(value).filter((one): one is string => typeof one === "string");

export const numberIn = (value: JsonValue | undefined): number | null => (typeof value === "number" ? value : null);
