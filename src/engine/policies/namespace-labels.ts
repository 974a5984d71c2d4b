import type { JsonObject } from "../model/plan-types.ts";
import { objectIn, textIn } from "./json-in.ts";

/** Labels of each namespace by its name. */
export function namespaceLabels(
  namespaces: readonly JsonObject[],
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    namespaces.map(({ metadata }) => {
      const { name, labels } = objectIn(metadata);
      const entries = Object.entries(objectIn(labels)).map(([key, value]) => [key, textIn(value)]);
      return [textIn(name), Object.fromEntries(entries)];
    }),
  );
}
