import { lookFor, paint } from "../components/look.ts";
import type { CheckResult } from "../engine/model/check-result.ts";
import type { ClusterFacts } from "../engine/model/facts.ts";
import type { Plan } from "../engine/model/plan-types.ts";
import { planWithChart } from "../engine/plan/plan.ts";
import { sha256 } from "../runner/run-process.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import { speaksUnicode } from "../store/text/glyphs.ts";
import { type Line, span } from "../store/text/line.ts";
import { lines } from "../words/audience.ts";
import { checkSummary } from "../words/check-summary.ts";
import { explainCheck } from "../words/check-words.ts";
import type { Command, Given, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { clusterFlags, isSet } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { jsonCheck } from "./headless/json-check.ts";
import { hanging } from "./headless/plain-text.ts";
import { visible } from "./headless/visible.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";

/** Looks at the cluster once and plans; writes nothing anywhere. The cluster is at hand until `use` ends. */
export async function withPlan<T>(
  given: Given,
  world: World,
  use: (plan: Plan, cluster: OpenCluster, facts: ClusterFacts) => Promise<T>,
): Promise<T> {
  const input = planInput(given);
  const cluster = await openCluster(given, world);
  try {
    const { inventory, charts } = cluster.ports;
    const facts = await inventory.read(world.signal);
    const sources = { charts, signal: world.signal, now: () => Date.now(), hash: sha256 };
    return await use(await planWithChart(facts, input, sources), cluster, facts);
  } finally {
    await cluster.close();
  }
}

const marks: Readonly<Record<CheckResult["level"], string>> = { ok: "ok", warning: "WARNING", blocker: "BLOCKER" };
const tones = { ok: "good", warning: "warn", blocker: "bad" } as const;
/** Marks have a column of their own. */
const indent = " ".repeat(9);

/** Null columns: nobody's terminal, and a line is one line for whoever searches it. */
function wrapped(head: string, text: string, columns: number | null): readonly string[] {
  return columns === null ? [`${head}${text}`] : hanging(head, text, columns);
}

/** One result in lines: what was found, and below it what to do. */
function checkLines(result: CheckResult, columns: number | null): readonly Line[] {
  const { level } = result;
  const { title, message, remedy } = explainCheck(result, lines);
  const found = wrapped(indent, visible(`${title}: ${message}`), columns);
  const advice = remedy === "" || level === "ok" ? [] : wrapped(`${indent} → `, visible(remedy), columns);
  return [...found, ...advice].map((line, index) =>
    index === 0
      ? [span(marks[level].padEnd(indent.length), tones[level]), span(line.slice(indent.length))]
      : [span(line)],
  );
}

const rank: Readonly<Record<CheckResult["level"], number>> = { ok: 0, warning: 1, blocker: 2 };

/** What is in the way comes last, where it is read first; below it the sum of all. */
export function preflightLines(checkResults: readonly CheckResult[], columns: number | null): readonly Line[] {
  const of = (level: CheckResult["level"]) => checkResults.filter((result) => result.level === level).length;
  const worst = (["blocker", "warning"] as const).find((level) => of(level) > 0) ?? "ok";
  const sorted = checkResults.toSorted((a, b) => rank[a.level] - rank[b.level]);
  return [
    ...sorted.flatMap((result) => checkLines(result, columns)),
    [],
    [span(checkSummary(checkResults), tones[worst])],
  ];
}

/** Colours and the terminal's width, where there is a terminal. */
function print(checkResults: readonly CheckResult[], { stdout, env }: World): void {
  const isTerminal = stdout.isTTY === true;
  const look = isTerminal ? lookFor(env, !speaksUnicode(env)) : null;
  for (const line of preflightLines(checkResults, isTerminal ? (stdout.columns ?? 80) : null))
    stdout.write(`${look === null ? line.map(({ text }) => text).join("") : paint(line, look)}\n`);
}

export const isBlocked = ({ checkResults }: Plan): boolean => checkResults.some(({ level }) => level === "blocker");

/** Checks whether the cluster can be moved, and touches nothing. */
export const preflight: Command = {
  name: "preflight",
  summary: "Check whether the cluster can be migrated (read-only)",
  flags: {
    json: { type: "boolean", help: "print the check results as JSON" },
    ...clusterFlags,
    ...chartAccessFlags,
    ...planFlags,
  },
  async run(given, _operands, world) {
    const plan = await withPlan(given, world, (made) => Promise.resolve(made));
    if (isSet(given, "json")) world.stdout.write(`${harmlessJson(plan.checkResults.map(jsonCheck), 2)}\n`);
    else print(plan.checkResults, world);
    return isBlocked(plan) ? exitCodes.blocked : exitCodes.done;
  },
};
