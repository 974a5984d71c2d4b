import type { End, RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { RunRecord } from "../model/ports/records.ts";
import { tellLeaseWait } from "./lease-wait.ts";
import { recall } from "./recording.ts";
import type { Session } from "./session.ts";

/** The way back was asked for, and has been gone to its end. */
export const rolledBackAlready = ({ finished }: RunRecord, { rollback }: RunTerms): boolean =>
  rollback === "all" && finished?.outcome === "rolled-back";

/** No plan can be made because the run has removed what it moved from: it is over, and nothing is wrong. */
export const migratedAlready = ({ finished }: RunRecord, thrown: unknown): boolean =>
  finished?.outcome === "migrated" && thrown instanceof CrossfadeError && thrown.code === "NO_SOURCE";

/** What it still held of ours when it died: nobody asks or watches a run that has ended. */
async function tidy(session: Session, { holder }: RunTerms): Promise<void> {
  const { lock, observers } = session.ports;
  if (!(await lock.acquire(holder, { onWait: tellLeaseWait(session), namespaceOfOthers: true }))) return;
  await observers.close();
  await lock.release();
}

/** An engine that died between its last record and its last word left whoever starts it again without an answer: here it is. */
export async function sayHowItEnded(session: Session, terms: RunTerms, record: RunRecord): Promise<End> {
  const nodeRecords = await session.ports.records.nodeRecords();
  // Who only looks writes nothing.
  if (!terms.newRunOnly) await tidy(session, terms);
  const { finished } = record;
  const outcome = finished?.outcome ?? "migrated";
  for (const event of recall(record, nodeRecords, session.now())) session.tell(event);
  const where = outcome === "migrated" ? "every node is on Cilium" : "every node is on its old CNI again";
  return { outcome, summary: `the run had ended already, at ${new Date(finished?.at ?? 0).toISOString()}: ${where}` };
}

/** What was asked of one node was carried out: it is not asked for again. */
export const sameWay = ({ firstRequest }: RunTerms): string =>
  firstRequest === undefined ? "the same command" : "crossfade resume";

/** Which ways on there are after one node was rolled back. */
export const goesOn = (node: string, isThere: boolean): string =>
  `the run is paused, and crossfade resume goes on with the others${isThere ? `, crossfade include ${node} with all of them` : ""}`;
