import type { RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError, Unavailable } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import type { AskedAgreement } from "../model/plan/asked-agreement.ts";
import { canonicalJson } from "../model/plan/canonical-json.ts";
import type { Consent } from "../model/plan-types.ts";
import type { RunRecord } from "../model/ports/records.ts";
import { reason } from "../model/reason.ts";
import { unagreed } from "./agreement.ts";
import type { Session } from "./session.ts";

/** How often a record that waits for an agreement is looked at again. */
const lookMs = 2_000;

/** A record that was copied from another cluster, or whose plan was made for one that was built anew. */
async function refuseOfAnother({ ports }: Session, { plan }: RunRecord, signal: AbortSignal): Promise<void> {
  const uid = await ports.inventory.clusterUid(signal);
  if (uid === plan.cluster.uid) return;
  const facts = { planned: plan.cluster.uid, found: uid };
  throw new CrossfadeError("RECORD_FOREIGN", reason("record-of-other-cluster", facts));
}

function isAgreed({ agree }: RunTerms, { hash }: AskedAgreement): boolean {
  if (agree === undefined) return false;
  if (hash.startsWith(agree)) return true;
  throw new CrossfadeError("USAGE", reason("other-plan-agreed", { given: agree, hash }));
}

function write({ session, terms }: Taking, record: RunRecord, by: string): void {
  const consents = Object.keys(record.consents) as readonly Consent[];
  const why = terms.agreements.agree(record, consents, by, session.now());
  session.log("info", note("plan-agreed", { by, hash: terms.agreements.hashOf(record.plan) }));
  if (why !== null) session.log("warning", note("agreement-not-kept", { why }));
}

/** Only the plan is told, none of its consents: nothing that looks at the state may take this run for begun. */
function ask(session: Session, record: RunRecord, asked: AskedAgreement): void {
  const at = session.now();
  session.tell({ type: "run-announced", at: record.startedAt, plan: record.plan, resumed: true });
  session.tell({ type: "agreement-asked", at, asked });
}

interface Taking {
  readonly session: Session;
  readonly terms: RunTerms;
  readonly signal: AbortSignal;
}

/** Shows what is asked, and lets time pass until something may have changed. */
async function waitForAnswer({ session, signal }: Taking, record: RunRecord, asked: AskedAgreement): Promise<void> {
  if (canonicalJson(session.state.agreement) !== canonicalJson(asked)) ask(session, record, asked);
  await session.sleep(lookMs, signal);
  signal.throwIfAborted();
  await session.takeRequests();
}

/** What is on the screen stays true while the cluster cannot be asked. */
async function recordNow({ session, terms, signal }: Taking): Promise<RunRecord | null | "later"> {
  try {
    const record = await session.ports.records.run();
    if (record && !record.finished) await refuseOfAnother(session, record, signal);
    return record;
  } catch (thrown) {
    if (!(thrown instanceof Unavailable) || !terms.attended || session.state.agreement === null) throw thrown;
    return "later";
  }
}

/**
 * What the cluster stores decides nothing on this machine by itself: before an engine acts on a record, its plan and its
 * consents were agreed to here. Attended, this waits for the answer and does nothing; unattended it throws NOT_AGREED.
 * Null where the run is over or gone meanwhile.
 */
export async function agreeFirst(taking: Taking): Promise<RunRecord | null> {
  const { session, terms, signal } = taking;
  for (;;) {
    const record = await recordNow(taking);
    if (record === "later") {
      await session.sleep(lookMs, signal);
      continue;
    }
    if (record === null || record.finished) return null;
    terms.checkRecord?.(record);
    const asked = unagreed(record, terms.agreements);
    if (asked === null) return record;
    const by = agreedBy(taking, asked);
    if (by !== null) {
      write(taking, record, by);
      return record;
    }
    if (!terms.attended) {
      ask(session, record, asked);
      throw notAgreed(asked);
    }
    await waitForAnswer(taking, record, asked);
  }
}

/** Who agreed to exactly this: by the command line, or by a key after it was shown. */
function agreedBy({ session, terms }: Taking, asked: AskedAgreement): string | null {
  if (isAgreed(terms, asked)) return terms.by;
  const agreed = session.takeAgreed();
  return agreed !== null && canonicalJson(agreed.asked) === canonicalJson(asked) ? agreed.by : null;
}

/** Ends a headless command: what it would run stands in the lines before. */
export function notAgreed(asked: AskedAgreement): CrossfadeError {
  const { hash, isNew } = asked;
  const consents = asked.consents.map(({ consent, by }) => `"${consent}" by ${by}`);
  return new CrossfadeError(
    "NOT_AGREED",
    reason(isNew ? "plan-not-agreed" : "consents-not-agreed", { hash, consents }),
  );
}
