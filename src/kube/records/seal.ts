import { createHash } from "node:crypto";
import { canonicalJson } from "../../engine/model/plan/canonical-json.ts";

/** Field → sha256 of its canonical JSON: whoever edits one by hand leaves a seal that no longer fits, and is told which. */
export type Seal = Readonly<Record<string, string>>;
export type Fields = Readonly<Record<string, unknown>>;

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Against slips and edits, not against forgers: whoever may write the record can also write its seal. */
export function sealOf(fields: Fields): Seal {
  const written = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(written.map(([field, value]) => [field, digest(value)]));
}

/** What is nested deeper than our stack is nothing that we wrote, and fits no seal. */
function digest(value: unknown): string {
  try {
    return sha256(canonicalJson(value));
  } catch (thrown) {
    if (thrown instanceof RangeError) return "";
    throw thrown;
  }
}

/** The fields that are not as they were sealed; one that was added or taken away is among them. */
export function changedSince(seal: Seal, fields: Fields): readonly string[] {
  const now = sealOf(fields);
  const names = new Set([...Object.keys(now), ...Object.keys(seal)]);
  return [...names].filter((field) => now[field] !== seal[field]);
}

/** The fields of one object beside those of others. */
export const under = (name: string, fields: object): Fields =>
  Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value]));
