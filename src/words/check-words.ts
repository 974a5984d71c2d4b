import type { CheckResult } from "../engine/model/check-result.ts";
import type { Audience } from "./audience.ts";
import { explain } from "./explain.ts";
import { checkWords } from "./finding-words.ts";

/** What a check answered, in words. */
export interface SaidCheck {
  readonly title: string;
  /** One sentence on what was found. */
  readonly message: string;
  /** What to do about it; "" when the level is ok. */
  readonly remedy: string;
}

/** A check's result in words: for every check and every audience there are some. */
export function explainCheck({ check, reason, accepted }: CheckResult, audience: Audience): SaidCheck {
  const { title, ok = "", accepted: means = "" } = checkWords[check];
  if (reason === null) return { title, message: ok, remedy: "" };
  const { text, clearedBy } = explain(reason, audience);
  if (accepted) return { title, message: `${text} (accepted: --accept ${check})`, remedy: means };
  return { title, message: text, remedy: clearedBy };
}
