import { counted, fewOf } from "../../engine/model/some-of.ts";
import type { CommandAnswer } from "../process/run-command.ts";

/** How much of helm's complaint a person is shown: of each of its errors, and of how many. */
const longestError = 400;
const mostErrors = 12;

/** A rule that an RBAC refusal lists, as the API server prints it; one role may lack dozens. */
const isRule = (line: string) => /^\{(APIGroups|NonResourceURLs|Resources|Verbs):/.test(line);

/** Lines of warning and of structured logging; the rest is the complaint. */
const isNoise = (line: string) => line === "" || /^(WARNING|W\d{4}|level=|time=)/.test(line);

/** The lines that belong to the last `Error:`, or the last line of all where helm printed none. */
function linesOf({ stderr, exitCode }: CommandAnswer): readonly string[] {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => !isNoise(line));
  const from = lines.findLastIndex((line) => line.startsWith("Error:"));
  const told = from < 0 ? lines.slice(-1) : lines.slice(from);
  return told.length === 0 ? [`exit code ${exitCode}`] : told.map((line) => line.replace(/^Error:\s*/, ""));
}

/** A refusal's rules are counted instead of told: which object it was is what helps. */
function withoutRules(lines: readonly string[]): readonly string[] {
  const out: string[] = [];
  let rules = 0;
  for (const line of [...lines, ""]) {
    if (isRule(line)) {
      rules++;
      continue;
    }
    const last = out.at(-1);
    if (rules > 0 && last !== undefined) out[out.length - 1] = `${last} ${counted(rules, "rule")}`;
    rules = 0;
    if (line !== "") out.push(line);
  }
  return out;
}

const shortened = (text: string) => (text.length <= longestError ? text : `${text.slice(0, longestError)}…`);

/**
 * What helm complained of, an item each error. Several come under a first line that names none of them
 * ("5 errors occurred:", as hashicorp/go-multierror prints them), which is left out.
 */
export function complaintOf(answer: CommandAnswer): readonly string[] {
  const lines = withoutRules(linesOf(answer));
  const bulleted = lines.some((line) => line.startsWith("* "));
  const told = bulleted ? lines.filter((line) => !/\d+ errors? occurred:$/.test(line)) : lines;
  return told.map((line) => shortened(line.replace(/^\* /, "")));
}

/** The complaint in one line, bounded. */
export function complaintText(errors: readonly string[]): string {
  return fewOf(errors, mostErrors).join("; ");
}
