import type { ParamsOf } from "../../engine/model/reason.ts";
import type { CheckCodes } from "../../engine/model/reasons/check-codes.ts";
import { someOf } from "../../engine/model/some-of.ts";
import type { Said, SayersOf } from "../said.ts";

/** A check of preflight in words. */
export interface CheckWords {
  /** As people search for it. */
  readonly title: string;
  /** Where all is well and no fact is to be told. */
  readonly ok?: string;
  /** What it means for the run to accept its blocker by name. */
  readonly accepted?: string;
}

/** Checks in words, each with all that it may find. */
export type ChecksInWords<T extends CheckCodes> = {
  readonly [I in keyof T]: CheckWords & { readonly finds: SayersOf<keyof T[I] & keyof ParamsOf> };
};

/** What was found, and what to do about it; "" where nothing is to be done. */
export const found = (text: string, remedy = ""): Said => ({ text, clearedBy: remedy });

/** How many objects, and the first of them. */
export interface Some {
  readonly count: number;
  readonly first: readonly string[];
}

/** "a, b, c and 2 more". */
export const listed = ({ count, first }: Some): string =>
  someOf(first, first.length, Math.max(0, count - first.length));

/** The word for one, or for more. */
export const either = ({ count }: Pick<Some, "count">, one: string, more: string): string => (count === 1 ? one : more);

/** The first objects, and how many more there are. */
export interface Few {
  readonly first: readonly string[];
  readonly more: number;
}

/** The same of what only its first are told of. */
export const fewOf = ({ first, more }: Few): string => someOf(first, first.length, more);

/** " (a, b)"; nothing where there is none. */
export function inBrackets(texts: readonly string[]): string {
  const said = texts.filter((text) => text !== "").join(", ");
  return said === "" ? "" : ` (${said})`;
}
