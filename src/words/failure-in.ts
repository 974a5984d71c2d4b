import type { Failure } from "../engine/model/reason.ts";
import type { About, Audience } from "./audience.ts";
import type { Say } from "./said.ts";

/** What failed in words. */
export interface SaidFailure {
  readonly message: string;
  readonly remedy: string;
}

/** A failure within a sentence. */
export function failureIn(
  say: Say,
  { reason }: Pick<Failure, "reason">,
  audience: Audience,
  about: About,
): SaidFailure {
  const { text, clearedBy, remedy } = say(reason, audience, about);
  return { message: text, remedy: remedy ?? clearedBy };
}
