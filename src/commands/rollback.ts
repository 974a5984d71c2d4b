import type { RunRecord } from "../engine/model/ports/records.ts";
import { whoWeAre } from "../runner/holder.ts";
import { socketPath } from "../runner/places.ts";
import { attach } from "../runner/socket-client.ts";
import { sourceName } from "../store/text/words.ts";
import { lines } from "../words/audience.ts";
import { explain } from "../words/explain.ts";
import type { Command, World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { chartAccessFlags } from "./flags/chart-flags.ts";
import { agreedHash, agreeFlag, clusterFlags, isSet, outputFlags } from "./flags/flags.ts";
import { planFlags, planInput } from "./flags/plan-flags.ts";
import { checkAgainstRecord } from "./flags/recorded-flags.ts";
import { confirm, type Question, wantsYes } from "./headless/confirm.ts";
import { runHeadless } from "./headless/run-headless.ts";
import { sayOnStderr } from "./headless/while-waiting.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { type RunStanding, standing } from "./status/standing.ts";

/** An engine that runs on this machine is asked; otherwise this process takes the run up and rolls back. */
async function askRunning(cluster: OpenCluster, node: string | null, world: World): Promise<number | null> {
  const link = await attach(socketPath(cluster.name, world.env));
  if (!link) return null;
  const by = whoWeAre();
  const refused = await link.ask(node === null ? { request: "rollback-all", by } : { request: "rollback", node, by });
  link.close();
  if (refused !== null)
    throw new CommandError(
      "ROLLBACK_IMPOSSIBLE",
      explain(refused, lines).text,
      "crossfade status says where the run is",
    );
  world.stdout.write(`the running engine rolls back ${node ?? "everything"}: watch it with crossfade\n`);
  return exitCodes.done;
}

function target(operands: readonly string[], all: boolean): string | null {
  const [node, ...more] = operands;
  if (all && node === undefined) return null;
  if (!all && node !== undefined && more.length === 0) return node;
  throw new CommandError(
    "USAGE",
    "rollback takes one node, or --all",
    "crossfade rollback worker-1, or crossfade rollback --all",
  );
}

/** Of a run that has ended, only the rollback of everything can be asked for again: it was gone to its end. */
const canRollBack = ({ finished }: RunRecord, node: string | null): boolean =>
  finished === null || (finished.outcome === "rolled-back" && node === null);

function recorded({ record }: RunStanding, node: string | null): RunRecord {
  if (record && canRollBack(record, node)) return record;
  throw new CommandError(
    "ROLLBACK_IMPOSSIBLE",
    record === null
      ? "no run is recorded on this cluster, so there is nothing of ours to roll back"
      : "the last run is over, so there is nothing to roll back",
    "crossfade status says what is recorded",
  );
}

/** What is asked before a node, or everything, goes back: as in the panel, for all of them their number is typed. */
function rollbackQuestion({ plan }: RunRecord, { nodeRecords }: RunStanding, node: string | null): Question {
  const source = sourceName(plan.source);
  const restart = "pods are evicted once more, under the same budgets; nodes are restarted as the plan says";
  if (node !== null)
    return {
      lines: [`${node} goes back from Cilium to ${source} on ${plan.cluster.context}.`, `  ${restart}`],
      answer: node,
    };
  const touched = Object.values(nodeRecords).filter(({ state }) => !untouched.has(state.phase)).length;
  return {
    lines: [
      `Everything goes back from Cilium to ${source} on ${plan.cluster.context}: ${touched} ${touched === 1 ? "node" : "nodes"}, one at a time, then Cilium is uninstalled.`,
      `  ${restart}`,
    ],
    answer: String(touched),
  };
}

const untouched: ReadonlySet<string> = new Set(["queued", "excluded", "rolled-back"]);

/** Takes one node or everything back to the old CNI. */
export const rollback: Command = {
  name: "rollback",
  aliases: ["undo"],
  operands: "NODE | --all",
  summary: "Roll a node, or the whole cluster, back to the old CNI (asks first)",
  flags: {
    all: { type: "boolean", help: "every node, and Cilium itself" },
    yes: { type: "boolean", help: "do not ask; needed where there is no terminal" },
    ...clusterFlags,
    ...outputFlags,
    ...chartAccessFlags,
    ...planFlags,
    ...agreeFlag,
  },
  async run(given, operands, world) {
    const node = target(operands, isSet(given, "all"));
    const input = planInput(given);
    const agreed = agreedHash(given);
    const yes = isSet(given, "yes");
    wantsYes(world, yes);
    const cluster = await openCluster(given, world, sayOnStderr(world));
    try {
      const seen = await standing(cluster.ports);
      const record = recorded(seen, node);
      if (!yes) await confirm(rollbackQuestion(record, seen, node), world);
      const asked = await askRunning(cluster, node, world);
      if (asked !== null) return asked;
      const consents = new Set<never>();
      const how = { input, consents, recordedRunOnly: true, checkRecord: checkAgainstRecord(given), ...agreed };
      const choice = { ...how, rollback: node === null ? ("all" as const) : { node } };
      return await runHeadless(cluster, choice, isSet(given, "json"), world);
    } finally {
      await cluster.close();
    }
  },
};
