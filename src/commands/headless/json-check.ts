import type { CheckResult } from "../../engine/model/check-result.ts";
import type { Plan } from "../../engine/model/plan-types.ts";
import { lines } from "../../words/audience.ts";
import { explainCheck } from "../../words/check-words.ts";

/** A check's result as JSON has it: code and facts for programs, its words for people. */
export function jsonCheck(result: CheckResult): object {
  const { check, level, reason, objects, accepted } = result;
  const { title, message, remedy } = explainCheck(result, lines);
  const { code, params } = reason ?? { code: null, params: {} };
  return { check, title, level, code, params, text: message, remedy, objects, accepted: accepted ?? false };
}

/** A plan as JSON has it. */
export const jsonPlan = (plan: Plan): object => ({ ...plan, checkResults: plan.checkResults.map(jsonCheck) });
