import type { CheckResult } from "../../src/engine/model/check-result.ts";
import { lines } from "../../src/words/audience.ts";
import { explainCheck, type SaidCheck } from "../../src/words/check-words.ts";

/** A check's result with its words, as lines have it. */
export const saidCheck = <R extends CheckResult>(result: R): R & SaidCheck => ({
  ...result,
  ...explainCheck(result, lines),
});
