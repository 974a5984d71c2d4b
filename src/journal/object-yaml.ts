import { parseAllDocuments, stringify } from "yaml";
import type { JsonObject, JsonValue } from "../engine/model/plan-types.ts";

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the API server writes itself: with it an object cannot be applied to a cluster that lacks it. */
const itsOwn = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** As it can be applied again. */
function bare({ status: _status, ...object }: JsonObject): JsonObject {
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !itsOwn.includes(key)));
  return { ...object, metadata: kept };
}

/** Objects of a cluster as YAML that can be applied again. */
export const objectYaml = (objects: readonly JsonObject[]): string =>
  objects.map((object) => stringify(bare(object), { lineWidth: 0, aliasDuplicateObjects: false })).join("---\n");

/** Whether the text, read as kubectl would, says these objects and no others. */
export function saysObjects(text: string, objects: readonly JsonObject[]): boolean {
  const read = parseAllDocuments(text).map((document): unknown =>
    document.errors.length > 0 ? null : document.toJS(),
  );
  return JSON.stringify(read) === JSON.stringify(objects.map(bare));
}
