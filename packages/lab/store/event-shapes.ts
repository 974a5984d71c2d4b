import type { KubeObject } from "../objects.ts";
import type { Tree } from "./json-tree.ts";

/** Field of a core/v1 Event → field of an events.k8s.io/v1 Event; the same object is served as both. */
const renamed: Record<string, string> = {
  involvedObject: "regarding",
  message: "note",
  reportingComponent: "reportingController",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
};
const renamedBack = Object.fromEntries(Object.entries(renamed).map(([core, newer]) => [newer, core]));

function rename(object: KubeObject, names: Record<string, string>, apiVersion: string): KubeObject {
  const result: Tree = {};
  for (const [field, value] of Object.entries(object)) result[names[field] ?? field] = value;
  return { ...result, apiVersion } as KubeObject;
}

/** The events.k8s.io/v1 shape of a stored event. */
export function eventAsNew(stored: KubeObject): KubeObject {
  return rename(stored, renamed, "events.k8s.io/v1");
}

/** The core/v1 shape, which is the stored one. */
export function eventAsCore(written: KubeObject): KubeObject {
  return rename(written, renamedBack, "v1");
}
