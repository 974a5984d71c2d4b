import { ApiError } from "../../store/api-error.ts";

/** How an answer is to be written, from the Accept header. */
export interface Form {
  readonly media: "json" | "yaml";
  /** The transformation asked for: Table, PartialObjectMetadata, APIGroupDiscoveryList; null for the object itself. */
  readonly as: string | null;
  readonly group: string;
  readonly version: string;
}

const asItIs: Form = { media: "json", as: null, group: "", version: "" };

const transformations = new Set([
  "Table meta.k8s.io/v1",
  "Table meta.k8s.io/v1beta1",
  "PartialObjectMetadata meta.k8s.io/v1",
  "PartialObjectMetadata meta.k8s.io/v1beta1",
  "PartialObjectMetadataList meta.k8s.io/v1",
  "PartialObjectMetadataList meta.k8s.io/v1beta1",
  "APIGroupDiscoveryList apidiscovery.k8s.io/v2",
  "APIGroupDiscoveryList apidiscovery.k8s.io/v2beta1",
]);

/** The first range that we can write, by weight and then by order; 406 when there is none. Protobuf is passed over. */
export function negotiate(accept: string | undefined): Form {
  if (!accept?.trim()) return asItIs;
  const ranges = accept.split(",").map(parseRange);
  const sorted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { form } of sorted) if (form) return form;
  const offered = "application/json, application/yaml, application/json;stream=watch";
  const message = `only the following media types are accepted: ${offered}`;
  throw new ApiError(406, "NotAcceptable", message);
}

interface Range {
  readonly weight: number;
  readonly form: Form | null;
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => splitParameter(parameter)));
  const weight = Number(values.get("q") ?? 1);
  const media = mediaOf(type.toLowerCase());
  const as = values.get("as") ?? null;
  const group = values.get("g") ?? "";
  const version = values.get("v") ?? "";
  const known = as === null || transformations.has(`${as} ${group}/${version}`);
  return { weight, form: media && known ? { media, as, group, version } : null };
}

function splitParameter(parameter: string): [string, string] {
  const at = parameter.indexOf("=");
  return at < 0 ? [parameter, ""] : [parameter.slice(0, at).trim(), parameter.slice(at + 1).trim()];
}

function mediaOf(type: string): Form["media"] | null {
  if (type === "application/json" || type === "application/*" || type === "*/*") return "json";
  return type === "application/yaml" ? "yaml" : null;
}
