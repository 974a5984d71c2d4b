import { lookFor, paint } from "../components/look.ts";
import type { Verdict } from "../engine/model/check-result.ts";
import type { Plan } from "../engine/model/plan-types.ts";
import { planWithChart } from "../engine/plan/plan.ts";
import { sha256 } from "../runner/run-process.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import { speaksUnicode } from "../store/text/glyphs.ts";
import { type Line, span } from "../store/text/line.ts";
import { checkSummary } from "../words/check-summary.ts";
import type { Command, Given, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { clusterFlags, isSet } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { hanging } from "./headless/plain-text.ts";
import { visible } from "./headless/visible.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";

/** Looks at the cluster once and plans; writes nothing anywhere. The cluster is at hand until `use` ends. */
export async function withPlan<T>(
  given: Given,
  world: World,
  use: (plan: Plan, cluster: OpenCluster) => Promise<T>,
): Promise<T> {
  const input = planInput(given);
  const cluster = await openCluster(given, world);
  try {
    const { inventory, charts } = cluster.ports;
    const facts = await inventory.read(world.signal);
    const sources = { charts, signal: world.signal, now: () => Date.now(), hash: sha256 };
    return await use(await planWithChart(facts, input, sources), cluster);
  } finally {
    await cluster.close();
  }
}

const marks: Readonly<Record<Verdict["level"], string>> = { ok: "ok", warning: "WARNING", blocker: "BLOCKER" };
const tones = { ok: "good", warning: "warn", blocker: "bad" } as const;
/** Marks have a column of their own. */
const indent = " ".repeat(9);

/** Null columns: nobody's terminal, and a line is one line for whoever searches it. */
function wrapped(head: string, text: string, columns: number | null): readonly string[] {
  return columns === null ? [`${head}${text}`] : hanging(head, text, columns);
}

/** One verdict in lines: what was found, and below it what to do. */
function verdictLines({ level, title, message, remedy }: Verdict, columns: number | null): readonly Line[] {
  const found = wrapped(indent, visible(`${title}: ${message}`), columns);
  const advice = remedy === "" || level === "ok" ? [] : wrapped(`${indent} → `, visible(remedy), columns);
  return [...found, ...advice].map((line, index) =>
    index === 0
      ? [span(marks[level].padEnd(indent.length), tones[level]), span(line.slice(indent.length))]
      : [span(line)],
  );
}

const rank: Readonly<Record<Verdict["level"], number>> = { ok: 0, warning: 1, blocker: 2 };

/** What is in the way comes last, where it is read first; below it the sum of all. */
export function preflightLines(verdicts: readonly Verdict[], columns: number | null): readonly Line[] {
  const of = (level: Verdict["level"]) => verdicts.filter((verdict) => verdict.level === level).length;
  const worst = (["blocker", "warning"] as const).find((level) => of(level) > 0) ?? "ok";
  const sorted = verdicts.toSorted((a, b) => rank[a.level] - rank[b.level]);
  return [
    ...sorted.flatMap((verdict) => verdictLines(verdict, columns)),
    [],
    [span(checkSummary(verdicts), tones[worst])],
  ];
}

/** Colours and the terminal's width, where there is a terminal. */
function print(verdicts: readonly Verdict[], { stdout, env }: World): void {
  const isTerminal = stdout.isTTY === true;
  const look = isTerminal ? lookFor(env, !speaksUnicode(env)) : null;
  for (const line of preflightLines(verdicts, isTerminal ? (stdout.columns ?? 80) : null))
    stdout.write(`${look === null ? line.map(({ text }) => text).join("") : paint(line, look)}\n`);
}

export const isBlocked = ({ verdicts }: Plan): boolean => verdicts.some(({ level }) => level === "blocker");

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
    if (isSet(given, "json")) world.stdout.write(`${harmlessJson(plan.verdicts, 2)}\n`);
    else print(plan.verdicts, world);
    return isBlocked(plan) ? exitCodes.blocked : exitCodes.done;
  },
};
