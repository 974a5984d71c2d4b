import type { EngineEvent, PathScore } from "../engine/model/events.ts";
import { fold } from "../engine/model/fold.ts";
import { type MigrationState, nothingYet } from "../engine/model/state.ts";
import { readJournal } from "../journal/read-journal.ts";
import { inWords } from "../store/text/durations.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import { leftWords } from "../store/views/left-words.ts";
import { lines } from "../words/audience.ts";
import { endingWords } from "../words/run-ending.ts";
import type { Command } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet } from "./flags/flags.ts";
import { decisionLine } from "./headless/decision-line.ts";
import { connectivityLine, plainLines } from "./headless/plain-lines.ts";
import { visible } from "./headless/visible.ts";
import { findJournal } from "./status/find-journal.ts";
import { noJournal, otherBuild, verifyJournals } from "./verify-journals.ts";

/** The last run of a journal: from its last announcement of a new plan on. */
function lastRun(events: readonly EngineEvent[]): readonly EngineEvent[] {
  const start = events.findLastIndex((event) => event.type === "run-announced" && !event.resumed);
  return events.slice(Math.max(0, start));
}

/** How the engines of the run ended, one after the other. */
function endings(events: readonly EngineEvent[]): readonly string[] {
  return events.filter(({ type }) => type === "run-finished").flatMap((event) => plainLines(event));
}

const inOne = (count: (score: PathScore) => number, scores: readonly PathScore[]) =>
  scores.reduce((sum, score) => sum + count(score), 0);

function totals(scores: readonly PathScore[]): string {
  const lost = inOne((score) => score.lost, scores);
  const gap = lost === 0 ? "" : `, longest gap ${inWords(Math.max(...scores.map(({ longestGapMs }) => longestGapMs)))}`;
  const expected = inOne((score) => score.expected, scores);
  const unknown = inOne((score) => score.unknown, scores);
  return `${inOne((score) => score.sent, scores)} samples measured, ${lost} lost${gap}; ${expected} more lost as expected; ${unknown} not measured`;
}

function nodeLines({ order, nodes }: MigrationState): readonly string[] {
  return order.flatMap((name) => {
    const node = nodes[name];
    if (!node) return [];
    const steps = Object.entries(node.timings).map(([step, tookMs]) => `${step} ${inWords(tookMs)}`);
    const left = node.leftovers === null ? "" : `; ${leftWords(node.leftovers)}`;
    return [`  ${name}: ${node.state.phase}${steps.length > 0 ? ` (${steps.join(", ")})` : ""}${left}`];
  });
}

const outcomeOf = (state: MigrationState): string =>
  state.outcome === null
    ? "not ended"
    : `${state.outcome}, ${endingWords({ ...state, reason: state.endedFor }, lines)}`;

/** The last run of these events, as lines. */
export function reportLines(events: readonly EngineEvent[]): readonly string[] {
  const run = lastRun(events);
  const state = run.reduce(fold, nothingYet);
  const { plan } = state;
  if (!plan) return ["no run is in this journal"];
  const took = (state.finishedAt ?? run.at(-1)?.at ?? 0) - (state.startedAt ?? 0);
  return [
    `${plan.source.id} ${plan.source.version} → Cilium ${plan.cilium.version} on ${plan.cluster.context} (Kubernetes ${plan.cluster.kubernetesVersion})`,
    `outcome: ${outcomeOf(state)}; ${inWords(took)} since the plan was shown; plan ${plan.hash}`,
    "",
    "Who decided what:",
    ...state.decisions.map((decision) => `  ${decisionLine(decision)}`),
    "",
    "How it ended, engine by engine:",
    ...endings(run).map((line) => `  ${line}`),
    "",
    "Steps of the run:",
    ...Object.entries(state.steps).map(
      ([id, step]) =>
        `  ${id}: ${step.state}${step.state === "done" ? ` in ${inWords(step.tookMs)}${step.note === "" ? "" : `: ${step.note}`}` : ""}`,
    ),
    "",
    "Nodes:",
    ...nodeLines(state),
    "",
    "Measured connectivity (all engines of the run, as last recorded):",
    `  ${totals(state.scores)}`,
    ...state.scores.map((score) => `  ${connectivityLine(score)}`),
  ];
}

function eventsIn(path: string): readonly EngineEvent[] {
  const { lines, broken, otherBuild: isOthers } = readJournal(path);
  if (isOthers) throw otherBuild(path);
  if (broken !== null) {
    throw new CommandError(
      "JOURNAL_BROKEN",
      `${path}: ${broken.why}`,
      "trust nothing from that line on: crossfade report --verify says more, and crossfade status what the cluster records",
    );
  }
  if (lines.length === 0) throw noJournal(path);
  return lines.map(({ event }) => event);
}

/** Tells a run from its journal: who decided what, how long each step took, what was lost, what is left. */
export const report: Command = {
  name: "report",
  summary: "Print the report of the last run from the local journal (works offline)",
  flags: {
    json: { type: "boolean", help: "every event as a JSON line; with --verify what was found of each file" },
    verify: {
      type: "boolean",
      help: "verify the hash chain of the journal and of its damaged copies; exits with 1 if one is broken",
    },
    journal: {
      type: "string",
      value: "FILE",
      help: "this journal instead of the cluster's; without a kubeconfig it is the newest of this machine",
    },
    ...clusterFlags,
  },
  run(given, _operands, world) {
    const path = findJournal(given, world);
    const json = isSet(given, "json");
    if (isSet(given, "verify")) return Promise.resolve(verifyJournals(path, json, world));
    const events = eventsIn(path);
    const out = json ? events.map((event) => harmlessJson(event)) : reportLines(events).map(visible);
    for (const line of out) world.stdout.write(`${line}\n`);
    return Promise.resolve(exitCodes.done);
  },
};
