import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { Validator } from "@cfworker/json-schema";
import { parseTar } from "nanotar";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { JsonObject, JsonValue } from "../../engine/model/plan-types.ts";
import type { Chart, SchemaProblem } from "../../engine/model/ports/charts.ts";
import { reason } from "../../engine/model/reason.ts";
import { yamlDocuments } from "./yaml-documents.ts";

/** helm's own bound for what an archive unpacks to. */
const mostBytes = 100 * 1024 * 1024;
const parts = ["Chart.yaml", "values.yaml", "values.schema.json"] as const;
type Part = (typeof parts)[number];

const notAChart = (place: string, why: unknown) =>
  new CrossfadeError(
    "HELM_FAILED",
    reason("chart-invalid", { chart: place, said: why instanceof Error ? why.message : String(why) }),
    { cause: why },
  );

const isMap = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The three files that say what the chart is; those of charts within it lie deeper. */
function partsOf(archive: Uint8Array): ReadonlyMap<Part, string> {
  // The reader takes a whole buffer, whatever part of it the view shows.
  const tar = new Uint8Array(gunzipSync(archive, { maxOutputLength: mostBytes })).buffer;
  const found = new Map<Part, string>();
  for (const { name, text } of parseTar(tar)) {
    const part = parts.find((one) => name.replace(/^\.\//, "").split("/").slice(1).join("/") === one);
    if (part !== undefined) found.set(part, text);
  }
  return found;
}

/** As helm lays values over a chart's own: a null takes a key away. */
function over(under: JsonObject, upper: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...under };
  for (const [key, value] of Object.entries(upper)) {
    const below = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isMap(below) && isMap(value) ? over(below, value) : value;
  }
  return merged;
}

const dotted = (pointer: string): string =>
  pointer
    .replace(/^#\/?/, "")
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");

/** Of these an error only says that something below it is wrong, which is told by itself. */
const containers: ReadonlySet<string> = new Set(
  "properties patternProperties additionalProperties items prefixItems allOf anyOf oneOf $ref if then else".split(" "),
);

function problemsIn(validator: Validator, values: JsonObject): readonly SchemaProblem[] {
  return validator
    .validate(values)
    .errors.filter(({ keyword }) => !containers.has(keyword))
    .map(({ instanceLocation, keyword, error }) => ({
      path: dotted(instanceLocation),
      message: keyword === "false" ? "it is no value of this chart" : error,
    }));
}

/** A document that may be empty, which the parser takes for a fault. */
const documentIn = (text: string | undefined): unknown => yamlDocuments(text ?? "")[0];

function checker(schema: JsonObject | null, own: JsonObject): Chart["problems"] {
  if (schema === null) return () => [];
  const draft = typeof schema.$schema === "string" ? schema.$schema : "";
  const newer = /2019-09|2020-12/.exec(draft)?.[0];
  const validator = new Validator(
    schema as object,
    newer === undefined ? "7" : (newer as "2019-09" | "2020-12"),
    false,
  );
  const told = ({ path, message }: SchemaProblem) => `${path} ${message}`;
  // What the chart's own values do not keep to is no fault of those that are laid over them.
  const known = new Set(problemsIn(validator, own).map(told));
  return (values) => problemsIn(validator, over(own, values)).filter((problem) => !known.has(told(problem)));
}

export const digestOf = (archive: Uint8Array): string => createHash("sha256").update(archive).digest("hex");

/** Reads a chart's archive; nothing of it is unpacked to a disk. */
export function readChart(archive: Uint8Array, place: string): Chart {
  try {
    const found = partsOf(archive);
    const about = documentIn(found.get("Chart.yaml")) as { readonly name?: unknown; readonly version?: unknown } | null;
    if (typeof about?.name !== "string" || typeof about.version !== "string")
      throw new Error("it has no Chart.yaml with a name and a version");
    const own = documentIn(found.get("values.yaml")) ?? {};
    const text = found.get("values.schema.json");
    const schema = text === undefined ? null : (JSON.parse(text) as unknown);
    if (!isMap(own) || !(schema === null || isMap(schema))) throw new Error("its values or their schema are no map");
    return {
      name: about.name,
      version: about.version.replace(/^v/, ""),
      digest: digestOf(archive),
      schema,
      problems: checker(schema, own),
    };
  } catch (error) {
    throw notAChart(place, error);
  }
}
