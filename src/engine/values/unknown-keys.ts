import { nearest } from "../nearest.ts";
import type { JsonObject } from "../plan-types.ts";
import { subKeys, topLevelKeys } from "./known-keys.ts";
import { isObject, valueAt } from "./merge.ts";
import { removedValues } from "./rules.ts";

/** Names that the chart does not know, told apart. */
export interface KeyFindings {
  readonly refused: readonly string[];
  readonly warnings: readonly string[];
}

const join = (at: string, key: string) => (at === "" ? key : `${at}.${key}`);

function unknownBelow(user: JsonObject, at: string, known: readonly string[]): readonly string[] {
  const here = at === "" ? user : valueAt(user, at);
  if (!isObject(here)) return [];
  return Object.keys(here).filter((key) => !known.includes(key) && !(join(at, key) in removedValues));
}

/** A near miss is a typo and is refused; the rest may be newer than we are, and helm passes over what it does not know. */
export function unknownKeys(user: JsonObject): KeyFindings {
  const refused: string[] = [];
  const warnings: string[] = [];
  for (const [at, known] of [["", topLevelKeys] as const, ...Object.entries(subKeys)]) {
    for (const key of unknownBelow(user, at, known)) {
      const meant = nearest(key, known);
      const path = join(at, key);
      if (meant === null) warnings.push(`${path} is no value that Cilium's charts 1.16 to 1.20 are known to have`);
      else refused.push(`${path} is no value of the chart: did you mean ${join(at, meant)}?`);
    }
  }
  return { refused, warnings };
}
