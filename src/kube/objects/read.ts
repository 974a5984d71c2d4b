/** Readers of fields that others wrote: what is missing or odd becomes the empty value, never a throw. */
export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = {};

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : nothing;
}

/** The value at a path of field names. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here: unknown = value;
  for (const name of path) here = fields(here)[name];
  return here;
}

export function text(value: unknown, otherwise = ""): string {
  return typeof value === "string" ? value : otherwise;
}

export function number(value: unknown, otherwise = 0): number {
  return typeof value === "number" && Number.isFinite(value) ? value : otherwise;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter((item): item is string => typeof item === "string");
}

/** A string map such as labels; values of other types are left out. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(fields(value));
  if (entries.every(([, item]) => typeof item === "string")) return fields(value) as Readonly<Record<string, string>>;
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Epoch milliseconds of an RFC 3339 time, or null. */
export function time(value: unknown): number | null {
  const parsed = Date.parse(text(value));
  return Number.isNaN(parsed) ? null : parsed;
}
