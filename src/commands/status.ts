import { CrossfadeError, isRecordTrouble, Unavailable } from "../engine/model/errors.ts";
import type { Agreements } from "../engine/model/ports/agreements.ts";
import type { RunnerNews } from "../engine/model/ports/observers.ts";
import type { Ports } from "../engine/model/ports/ports.ts";
import type { RunRecord } from "../engine/model/ports/records.ts";
import { recordedTerms, unagreed } from "../engine/run/agreement.ts";
import { foundNote, resumeSummary } from "../engine/run/resume-summary.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import { lines } from "../words/audience.ts";
import { noteWords } from "../words/notes/note-words.ts";
import type { Command, World } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { clusterFlags, isSet } from "./flags/flags.ts";
import { agreementsOf } from "./headless/agree-beforehand.ts";
import { visible } from "./headless/visible.ts";
import { type OpenCluster, openCluster } from "./processes/open-cluster.ts";
import { type RunStanding, standing } from "./status/standing.ts";
import { statusLines } from "./status/status-lines.ts";
import { type StatusReport, statusReport, untrusted } from "./status/status-report.ts";

/** Without the right to read them, or the time, the record alone is told. */
async function newsOf({ observers }: Ports): Promise<RunnerNews | null> {
  try {
    return await observers.news();
  } catch (thrown) {
    if (thrown instanceof Unavailable || thrown instanceof CrossfadeError) return null;
    throw thrown;
  }
}

/** Where nobody is at work: the sentence with which an engine would go on. */
async function whatAnEngineWouldFind(ports: Ports, { record, lock }: RunStanding): Promise<string | null> {
  if (!record || record.finished || (lock && !lock.expired)) return null;
  return noteWords(foundNote(await resumeSummary(ports, record, lock)), lines);
}

/** What a record would have this machine do, and whether that was agreed to here. */
function recordedReport(record: RunRecord, agreements: Agreements): NonNullable<StatusReport["recorded"]> {
  const asked = unagreed(record, agreements);
  return {
    plan: agreements.hashOf(record.plan),
    terms: recordedTerms(record),
    agreedHere: asked === null,
    consentsNotGivenHere: asked?.consents ?? [],
  };
}

/** Of records that cannot be believed nothing is told but what is wrong with them, and who has the run. */
export async function reportOf({ ports, name, tls }: OpenCluster, world: World): Promise<StatusReport> {
  const connection = { server: name.server, tls };
  try {
    const seen = await standing(ports);
    return {
      connection,
      ...statusReport(seen, await newsOf(ports)),
      found: await whatAnEngineWouldFind(ports, seen),
      ...(seen.record === null ? {} : { recorded: recordedReport(seen.record, agreementsOf(name, world)) }),
    };
  } catch (thrown) {
    if (!isRecordTrouble(thrown)) throw thrown;
    return { connection, ...untrusted(await ports.records.examine(), await ports.lock.state()) };
  }
}

/** As scripts read it: 1 where a node failed, 3 where a person is waited for, 4 where a record is not believed. */
export function exitCodeOfStatus({ run, nodes, untrusted: records }: StatusReport): number {
  if (records !== undefined) return exitCodes.blocked;
  if (run === null || run.state === "finished") return exitCodes.done;
  if (nodes.some(({ failure }) => failure !== null)) return exitCodes.failed;
  return standsStill.has(run.state) ? exitCodes.waiting : exitCodes.done;
}

/** Nothing goes on until a person says so. */
const standsStill: ReadonlySet<NonNullable<StatusReport["run"]>["state"]> = new Set([
  "paused",
  "pausing",
  "confirm",
  "waiting",
  "blocked",
  "unattended",
]);

/** What the cluster records of a run; takes no lease and changes nothing. */
export const status: Command = {
  name: "status",
  summary: "Show migration status and lease holder (read-only)",
  flags: { json: { type: "boolean", help: "as JSON; its fields are in docs/watching.md" }, ...clusterFlags },
  async run(given, _operands, world) {
    const cluster = await openCluster(given, world);
    try {
      const report = await reportOf(cluster, world);
      if (isSet(given, "json")) world.stdout.write(`${harmlessJson(report, 2)}\n`);
      else for (const line of statusLines(report)) world.stdout.write(`${visible(line)}\n`);
      return exitCodeOfStatus(report);
    } finally {
      await cluster.close();
    }
  },
};
