import type { KubeObject } from "../../objects.ts";
import { ApiError, badRequest, invalid } from "../../store/api-error.ts";
import type { Resource } from "../../store/resource.ts";
import { parseFieldSelector } from "../field-selector.ts";
import { parseLabelSelector } from "../label-selector.ts";

/** What labelSelector and fieldSelector leave; null when everything passes. */
export type Matches = ((object: KubeObject) => boolean) | null;

/** Both selectors of a query as one question. */
export function selectorOf(query: URLSearchParams, resource: Resource, name: string | null = null): Matches {
  const labels = parseLabelSelector(query.get("labelSelector") ?? "");
  const fields = parseFieldSelector(query.get("fieldSelector") ?? "", resource);
  const named = name === null ? null : (object: KubeObject) => object.metadata.name === name;
  const all = [labels && ((object: KubeObject) => labels(object.metadata.labels)), fields, named];
  const tests = all.filter((test) => test !== null);
  return tests.length === 0 ? null : (object) => tests.every((test) => test(object));
}

/** Refuses combinations of list and watch parameters that the API server refuses. */
export function checkVersionOptions(query: URLSearchParams): void {
  const match = query.get("resourceVersionMatch");
  const version = query.get("resourceVersion") ?? "";
  const initial = query.get("sendInitialEvents");
  if (version !== "" && !/^\d+$/.test(version))
    throw badRequest(`invalid resource version "${version}": strconv.ParseUint`);
  if (initial !== null) {
    if (match !== "NotOlderThan") refuse("sendInitialEvents", "requires setting resourceVersionMatch to NotOlderThan");
    return;
  }
  if (match === null) return;
  if (version === "")
    refuse("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
  if (match === "Exact" && version === "0")
    refuse("resourceVersionMatch", 'resourceVersionMatch "Exact" is forbidden for resourceVersion "0"');
}

function refuse(field: string, why: string): never {
  const cause = { reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field };
  throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", [cause]);
}

/** 504 of a resourceVersion that lies ahead of the store: the client has seen another, or a newer, cluster. */
export function checkNotAhead(wanted: string, current: string): void {
  if (wanted === "" || Number(wanted) <= Number(current)) return;
  const message = `Timeout: Too large resource version: ${wanted}, current: ${current}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  throw new ApiError(504, "Timeout", message, { causes, retryAfterSeconds: 1 });
}
