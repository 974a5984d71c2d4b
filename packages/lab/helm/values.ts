/** A tree of Helm values. */
export interface Values {
  readonly [key: string]: unknown;
}

/** As Helm lays user values over the chart's: trees are merged, lists replaced, and null takes a key away. */
export function overlay(base: Values, over: Values): Values {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (isTree(below) && isTree(value)) merged[key] = overlay(below, value);
    else if (value === null && key in base && isTree(below)) delete merged[key];
    else merged[key] = value;
  }
  return merged;
}

export function isTree(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at "a.b.c"; undefined where a part of the path is missing. */
export function at(values: Values, path: string): unknown {
  let current: unknown = values;
  for (const key of path.split(".")) current = isTree(current) ? current[key] : undefined;
  return current;
}

/** What a template would print: nothing for null, "true" for true. */
export function text(values: Values, path: string): string {
  const value = at(values, path);
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Truth as Go templates see it: empty texts, zero and empty lists are false. */
export function truthy(values: Values, path: string): boolean {
  const value = at(values, path);
  if (Array.isArray(value)) return value.length > 0;
  return isTree(value) ? Object.keys(value).length > 0 : Boolean(value);
}

/** --set a.b=c,d=[…]: helm's own small language, without its list indices. */
export function parseSet(line: string, asText: boolean): Values {
  let tree: Values = {};
  for (const part of line.split(/(?<!\\),(?![^{]*\})/)) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new Error(`failed parsing --set data: key "${part}" has no value`);
    const keys = part
      .slice(0, equals)
      .split(/(?<!\\)\./)
      .map((key) => key.replaceAll("\\.", "."));
    const value = typed(part.slice(equals + 1).replaceAll("\\,", ","), asText);
    tree = overlay(tree, keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Values);
  }
  return tree;
}

function typed(raw: string, asText: boolean): unknown {
  if (asText) return raw;
  if (/^\{.*\}$/.test(raw))
    return raw
      .slice(1, -1)
      .split(",")
      .filter((item) => item !== "")
      .map((item) => typed(item, false));
  if (raw === "true" || raw === "false") return raw === "true";
  if (raw === "null") return null;
  return /^-?(0|[1-9]\d{0,14})$/.test(raw) ? Number(raw) : raw;
}
