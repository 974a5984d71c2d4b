import { safePoint } from "../decide/nodes-of-run.ts";
import type { End, RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError, Unavailable } from "../model/errors.ts";
import { outageReason } from "../model/hold.ts";
import { notAskedYet } from "../model/measured.ts";
import { queued } from "../model/node-state.ts";
import { note } from "../model/notes/note.ts";
import { canonicalJson } from "../model/plan/canonical-json.ts";
import { chartPlace, type Plan, shortDigest } from "../model/plan-types.ts";
import type { LockState } from "../model/ports/lock.ts";
import type { Ports } from "../model/ports/ports.ts";
import type { RunRecord } from "../model/ports/records.ts";
import { type Reason, reason } from "../model/reason.ts";
import { checkSource } from "../sources/registry.ts";
import { agreeFirst } from "./agree-first.ts";
import { unagreed } from "./agreement.ts";
import { migratedAlready, rolledBackAlready, sayHowItEnded } from "./ended-run.ts";
import { holdRun } from "./holding.ts";
import { tellLeaseWait } from "./lease-wait.ts";
import { forgetOthers } from "./left-by-others.ts";
import { recall } from "./recording.ts";
import { foundNote, type ResumeSummary, resumeSummary } from "./resume-summary.ts";
import type { Session } from "./session.ts";

/** How often a plan with blockers is made anew while somebody watches. */
const replanMs = 20_000;
/** And how seldom, whatever changes. */
const restMs = 2_000;

/** What consent is given to: pods come and go meanwhile, nodes, networks and values may not. */
function samePlan(a: Plan, b: Plan): boolean {
  const gist = ({ source, cilium, values, options, nodes, checkResults, namespaceOfOthers }: Plan) =>
    canonicalJson({
      namespaceOfOthers: namespaceOfOthers === true,
      // What else is in its namespace is listed again right before that is removed; a list that failed once is no change.
      source: { ...source, ownsNamespace: null, namespaceKeepers: null },
      cilium,
      values: values.initial,
      options,
      nodes: nodes.map(({ name }) => name).toSorted(),
      blockers: checkResults.filter(({ level }) => level === "blocker").map(({ check }) => check),
    });
  return gist(a) === gist(b);
}

const blockersOf = ({ checkResults }: Plan) => checkResults.filter(({ level }) => level === "blocker");

/** Takes up the run that the cluster records, or plans a new one. */
export async function open(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End | null> {
  const { lock, records } = session.ports;
  const known = await records.run();
  if (!known) return plan(session, withoutAgreement(terms), signal);
  if (known.finished) return after(session, terms, known, signal);
  if (terms.newRunOnly) throw await underWay(session.ports);
  // What cannot be believed is refused before anything is written, the lease included.
  await records.nodeRecords();
  checkSource(known.plan, session.catalogue.sources);
  const agreed = await agreeFirst({ session, terms, signal });
  if (agreed === null) return open(session, terms, signal);
  const left = await lock.state();
  await take(session, terms, agreed.plan);
  // Whoever held the run until now may have gone on with it since the first look.
  const record = await records.run();
  if (!record || record.finished) {
    await lock.release();
    return plan(session, terms, signal);
  }
  if (unagreed(record, terms.agreements) !== null) throw await changedMeanwhile(session);
  await takeUp(session, terms, await resumeSummary(session.ports, record, left));
  return null;
}

/** Whoever agrees to a run by its hash means one that is recorded. */
function withoutAgreement(terms: RunTerms): RunTerms {
  if (terms.agree === undefined) return terms;
  throw new CrossfadeError("USAGE", reason("no-run-to-agree-to", { hash: terms.agree }));
}

/** Between what was agreed to and the lease somebody wrote another record. */
async function changedMeanwhile({ ports: { lock } }: Session): Promise<CrossfadeError> {
  await lock.release();
  return new CrossfadeError("PLAN_DRIFTED", reason("record-changed-meanwhile", {}));
}

/** A run that has ended is followed by a new one, if there is anything left to move. */
async function after(session: Session, terms: RunTerms, before: RunRecord, signal: AbortSignal): Promise<End | null> {
  if (rolledBackAlready(before, terms)) return sayHowItEnded(session, terms, before);
  try {
    return await plan(session, terms, signal);
  } catch (thrown) {
    if (!migratedAlready(before, thrown)) throw thrown;
    return sayHowItEnded(session, terms, before);
  }
}

async function takeUp(session: Session, terms: RunTerms, found: ResumeSummary): Promise<void> {
  const { record, nodeRecords } = found;
  const measured = notAskedYet(record.measured);
  for (const event of recall({ ...record, measured }, nodeRecords, session.now())) session.tell(event);
  session.log("info", note("run-taken-up", { startedAt: record.startedAt }));
  session.log("info", foundNote(found));
  begin(session, terms);
  if (session.state.pace !== "paused") return;
  const at = session.now();
  const safe = safePoint(session.state);
  // Where nobody could press a key, starting the run again is what resumes it.
  if (!terms.attended && !terms.rollback) {
    session.tellDecision({ request: "resume", by: terms.by });
    await session.advance({ type: "pace-changed", at, pace: "running", by: terms.by, takesHoldAt: "" });
  } else if (safe !== null) {
    // An engine that ended before its pause took hold left a node half-moved: it goes on to the safe point first.
    await session.advance({ type: "pace-changed", at, pace: "pausing", by: "the record", takesHoldAt: safe });
  }
}

/** The run that was to be gone on with has ended, or its record is gone: another one is not what was asked for. */
const nothingUnderWay = () => new CrossfadeError("USAGE", reason("no-run-under-way", {}));

async function plan(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End | null> {
  if (terms.recordedRunOnly) throw nothingUnderWay();
  for (;;) {
    const why = await planOnce(session, terms, signal);
    if (why === null) return null;
    if (!terms.attended) return { outcome: "blocked", reason: why };
    holdRun(session, why);
    // A busy cluster changes all the time, and a look at all of it is not cheap.
    await session.ports.clock.sleep(restMs, signal);
    await session.sleep(replanMs, signal);
    await session.takeRequests();
  }
}

/** Why there is no plan to consent to yet; null when there is one. */
async function planOnce(session: Session, terms: RunTerms, signal: AbortSignal): Promise<Reason | null> {
  try {
    const made = await terms.makePlan(await session.ports.inventory.read(signal), signal);
    announce(session, made, terms.by);
    return blockedBy(made);
  } catch (thrown) {
    if (!(thrown instanceof Unavailable) || !terms.attended || signal.aborted) throw thrown;
    return outageReason(thrown);
  }
}

/** The plan, or one that was made anew: what a person excluded in between stays excluded. */
function tellPlan(session: Session, made: Plan): void {
  const { exclude } = made.options;
  const excluded = Object.values(session.state.nodes).flatMap(({ name, state }) =>
    state.phase === "excluded" && !exclude.includes(name) ? [{ node: name, because: state.because }] : [],
  );
  session.tell({ type: "run-announced", at: session.now(), plan: made, resumed: false });
  const at = session.now();
  for (const node of exclude) {
    // None of the plan's nodes, but one of the run's: a node that it does not know counts as one that joined, and is moved.
    session.tell({ type: "node-recalled", node, at, state: queued });
    session.tell({ type: "node-excluded", node, at, because: "excluded on the command line" });
  }
  for (const one of excluded) session.tell({ type: "node-excluded", at, ...one });
}

function announce(session: Session, made: Plan, by: string): void {
  tellPlan(session, made);
  const { exclude } = made.options;
  if (exclude.length > 0) session.tellDecision({ request: "exclude", nodes: exclude, by });
}

function blockedBy(made: Plan): Reason<"preflight-blocked"> | null {
  const [first, ...more] = blockersOf(made).flatMap(({ reason: why }) => why ?? []);
  if (!first) return null;
  return reason("preflight-blocked", { finding: first, more: more.length }, { clearedBy: "person" });
}

async function take(session: Session, terms: RunTerms, agreed: Plan): Promise<void> {
  const { lock } = session.ports;
  const how = { onWait: tellLeaseWait(session), namespaceOfOthers: agreed.namespaceOfOthers === true };
  if (await lock.acquire(terms.holder, how)) return;
  throw heldBy(await lock.state());
}

/** A run that is not over, for whoever came only to look: looking goes on with nothing. */
export async function underWay({ lock }: Pick<Ports, "lock">): Promise<CrossfadeError> {
  const held = await lock.state();
  if (held !== null && !held.expired) return heldBy(held);
  return new CrossfadeError("UNATTENDED", reason("run-unattended", {}));
}

/** Who has it, from where and since when, and what can be done about it. */
export function heldBy(state: LockState | null): CrossfadeError {
  const { holder, since } = state ?? { holder: null, since: null };
  return new CrossfadeError("LOCK_HELD", reason("run-held", { holder, since }));
}

/** From here on the run is ours: nothing has been written to the cluster before this. */
function begin(session: Session, terms: RunTerms): void {
  session.takeUp();
  session.tell({ type: "runner-known", at: session.now(), runner: { holder: terms.holder, since: session.now() } });
}

/** Another engine may have begun and let go of a run while this one waited for its consent. */
async function refuseOther({ ports: { records, lock } }: Session): Promise<void> {
  const record = await records.run();
  if (!record || record.finished) return;
  await lock.release();
  throw new CrossfadeError("PLAN_DRIFTED", reason("other-run-begun", {}));
}

/** What is no longer as it was planned. */
function driftOf(agreed: Plan | null, now: Plan): Reason {
  if (agreed !== null && agreed.namespaceOfOthers !== now.namespaceOfOthers)
    return reason(now.namespaceOfOthers ? "namespace-taken" : "namespace-no-longer-taken", {});
  const [before, after] = [agreed?.cilium.chartDigest, now.cilium.chartDigest];
  if (before === undefined || before === after) return reason("cluster-changed", {});
  const chart = chartPlace(now.cilium.chart);
  return after === undefined
    ? reason("chart-gone", { chart })
    : reason("chart-changed", { chart, planned: shortDigest(before), found: shortDigest(after) });
}

/** The first consent came: looks whether the plan still fits, takes the lease and writes the first record. */
export async function start(session: Session, terms: RunTerms, signal: AbortSignal): Promise<void> {
  if (session.recording) return;
  const { plan: agreed } = session.state;
  const now = await terms.makePlan(await session.ports.inventory.read(signal), signal);
  if (!agreed || !samePlan(agreed, now)) {
    tellPlan(session, now);
    throw new CrossfadeError("PLAN_DRIFTED", driftOf(agreed, now));
  }
  const blocked = blockedBy(now);
  if (blocked) throw new CrossfadeError("BLOCKED", blocked);
  await take(session, terms, agreed);
  await refuseOther(session);
  await forgetOthers(session);
  begin(session, terms);
  for (const { name, state } of Object.values(session.state.nodes)) {
    if (state.phase === "excluded")
      await session.advance({ type: "node-excluded", node: name, at: session.now(), because: state.because });
  }
}
