import { detectSource } from "../engine/detect.ts";
import { makePlan } from "../engine/plan.ts";
import type { Plan } from "../engine/plan-types.ts";
import type { Verdict } from "../engine/verdict.ts";
import { sha256 } from "../runner/run-process.ts";
import { harmlessJson } from "../store/foreign.ts";
import type { Command, Given, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet } from "./flags.ts";
import { openCluster } from "./open-cluster.ts";
import { planFlags, planInput } from "./plan-flags.ts";
import { visible } from "./visible.ts";

/** Looks at the cluster once and plans; writes nothing anywhere. */
export async function planOnce(given: Given, world: World): Promise<Plan> {
  const input = planInput(given);
  const cluster = await openCluster(given, world);
  try {
    const facts = await cluster.ports.inventory.read(world.signal);
    detectSource(facts);
    return makePlan(facts, input, { now: () => Date.now(), hash: sha256 });
  } finally {
    await cluster.close();
  }
}

const marks: Readonly<Record<Verdict["level"], string>> = { ok: "ok      ", warning: "WARNING ", blocker: "BLOCKER " };

/** One verdict in lines: what was found, and below it what to do. */
function verdictLines({ level, title, message, remedy }: Verdict): readonly string[] {
  const head = `${marks[level]} ${title}: ${message}`;
  return (remedy === "" || level === "ok" ? [head] : [head, `          → ${remedy}`]).map(visible);
}

const rank: Readonly<Record<Verdict["level"], number>> = { ok: 0, warning: 1, blocker: 2 };

const counted = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

/** What is in the way comes last, where it is read first; below it the sum of all. */
export function preflightLines(verdicts: readonly Verdict[]): readonly string[] {
  const of = (level: Verdict["level"]) => verdicts.filter((verdict) => verdict.level === level).length;
  const sum = `${counted(of("blocker"), "blocker")}, ${counted(of("warning"), "warning")}, ${of("ok")} ok`;
  return [...verdicts.toSorted((a, b) => rank[a.level] - rank[b.level]).flatMap(verdictLines), "", sum];
}

export const isBlocked = ({ verdicts }: Plan): boolean => verdicts.some(({ level }) => level === "blocker");

/** Checks whether the cluster can be moved, and touches nothing. */
export const preflight: Command = {
  name: "preflight",
  summary: "Check whether the cluster can be moved; touches nothing",
  flags: { json: { type: "boolean", help: "the verdicts as JSON" }, ...clusterFlags, ...planFlags },
  async run(given, _operands, world) {
    const plan = await planOnce(given, world);
    if (isSet(given, "json")) world.stdout.write(`${harmlessJson(plan.verdicts, 2)}\n`);
    else for (const line of preflightLines(plan.verdicts)) world.stdout.write(`${line}\n`);
    return isBlocked(plan) ? exitCodes.blocked : exitCodes.done;
  },
};
