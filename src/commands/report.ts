import { CrossfadeError } from "../engine/errors.ts";
import type { EngineEvent } from "../engine/events.ts";
import { fold } from "../engine/fold.ts";
import { type MigrationState, nothingYet } from "../engine/state.ts";
import { readJournal } from "../journal/read-journal.ts";
import { journalPath } from "../runner/places.ts";
import type { Command } from "./command.ts";
import { inWords } from "./durations.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet, text } from "./flags.ts";
import { openCluster } from "./open-cluster.ts";
import { connectivityLine, plainLine } from "./plain-lines.ts";
import { visible } from "./visible.ts";

/** The last run of a journal: from its last announcement of a new plan on. */
function lastRun(events: readonly EngineEvent[]): readonly EngineEvent[] {
  const start = events.findLastIndex((event) => event.type === "run-announced" && !event.resumed);
  return events.slice(Math.max(0, start));
}

function people(events: readonly EngineEvent[]): readonly string[] {
  const kinds = new Set(["consent-given", "pace-changed", "direction-changed", "node-excluded", "run-finished"]);
  return events.filter(({ type }) => kinds.has(type)).flatMap((event) => plainLine(event) ?? []);
}

function nodeLines({ order, nodes }: MigrationState): readonly string[] {
  return order.flatMap((name) => {
    const node = nodes[name];
    if (!node) return [];
    const steps = Object.entries(node.timings).map(([step, tookMs]) => `${step} ${inWords(tookMs)}`);
    const left = node.leftovers === null || node.leftovers.length === 0 ? "" : `; left: ${node.leftovers.join(", ")}`;
    return [`  ${name}: ${node.life.phase}${steps.length > 0 ? ` (${steps.join(", ")})` : ""}${left}`];
  });
}

function reportLines(events: readonly EngineEvent[]): readonly string[] {
  const run = lastRun(events);
  const state = run.reduce(fold, nothingYet);
  const { plan } = state;
  if (!plan) return ["no run is in this journal"];
  const took = (state.finishedAt ?? run.at(-1)?.at ?? 0) - (state.startedAt ?? 0);
  return [
    `${plan.source.id} ${plan.source.version} → Cilium ${plan.cilium.version} on ${plan.cluster.context} (Kubernetes ${plan.cluster.kubernetesVersion})`,
    `outcome: ${state.outcome ?? "not ended"}, ${state.summary}; ${inWords(took)} since the plan was shown; plan ${plan.hash}`,
    "",
    "Who decided what:",
    ...people(run).map((line) => `  ${line}`),
    "",
    "Steps of the run:",
    ...Object.entries(state.steps).map(
      ([id, step]) => `  ${id}: ${step.state}${step.state === "done" ? ` in ${inWords(step.tookMs)}` : ""}`,
    ),
    "",
    "Nodes:",
    ...nodeLines(state),
    "",
    "Measured connectivity (as last recorded):",
    ...state.scores.map((score) => `  ${connectivityLine(score)}`),
  ];
}

/** Tells a run from its journal: who decided what, how long each step took, what was lost, what is left. */
export const report: Command = {
  name: "report",
  summary: "Tell the last run from its journal on this machine",
  flags: {
    json: { type: "boolean", help: "every event as a JSON line" },
    verify: { type: "boolean", help: "only check the journal's hash chain" },
    journal: { type: "string", value: "FILE", help: "this journal instead of the cluster's" },
    ...clusterFlags,
  },
  async run(given, _operands, world) {
    const path = text(given, "journal") ?? (await journalOf(given, world));
    const { lines, broken, torn } = readJournal(path);
    if (broken !== null) {
      throw new CrossfadeError(
        "RECORD_DAMAGED",
        `${path}: ${broken}`,
        "trust nothing after that line; what the cluster records is shown by crossfade status",
      );
    }
    if (lines.length === 0)
      throw new CrossfadeError(
        "USAGE",
        `there is no journal ${path}`,
        "run it where the migration ran, or give --journal FILE",
      );
    const events = lines.map(({ event }) => event);
    const out = isSet(given, "verify")
      ? [
          `${path}: ${lines.length} lines, every hash fits${torn ? "; a last line was cut short and does not count" : ""}`,
        ]
      : isSet(given, "json")
        ? events.map((event) => JSON.stringify(event))
        : reportLines(events).map(visible);
    for (const line of out) world.stdout.write(`${line}\n`);
    return exitCodes.done;
  },
};

async function journalOf(given: Parameters<Command["run"]>[0], world: Parameters<Command["run"]>[2]): Promise<string> {
  const cluster = await openCluster(given, world);
  await cluster.close();
  return journalPath(cluster.name, world.env);
}
