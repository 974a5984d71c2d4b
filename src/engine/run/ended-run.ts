import type { End, RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError } from "../model/errors.ts";
import type { RunRecord } from "../model/ports/records.ts";
import { type Reason, type RequestKind, reason } from "../model/reason.ts";
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
  const code = outcome === "migrated" ? "migrated-before" : "rolled-back-before";
  return { outcome, reason: reason(code, { at: finished?.at ?? 0 }) };
}

/** What was asked of one node was carried out: it is not asked for again by the same command. */
export const sameAgain = ({ firstRequest }: RunTerms): readonly RequestKind[] =>
  firstRequest === undefined ? [] : ["resume"];

/** How a run ends that has come to its end. */
export const ending = (outcome: "migrated" | "rolled-back"): Reason =>
  reason(outcome === "migrated" ? "every-node-migrated" : "every-node-rolled-back", {});
