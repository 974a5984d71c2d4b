import type { CheckResult } from "../engine/model/check-result.ts";
import { counted } from "../engine/model/some-of.ts";

/** "0 blockers, 3 warnings, 20 passed": what preflight found, in one line. */
export function checkSummary(results: readonly CheckResult[]): string {
  const of = (level: CheckResult["level"]) => results.filter((result) => result.level === level).length;
  return `${counted(of("blocker"), "blocker")}, ${counted(of("warning"), "warning")}, ${of("ok")} passed`;
}
