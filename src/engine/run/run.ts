import type { Act } from "../decide/act.ts";
import { decide } from "../decide/decide.ts";
import { policyRollback } from "../decide/failure-policy.ts";
import type { End, RunTerms } from "../decide/run-terms.ts";
import { CrossfadeError, isPassing, type Passing, Unavailable } from "../model/errors.ts";
import type { Outcome } from "../model/events.ts";
import { outageReason, waitsForPerson } from "../model/hold.ts";
import type { Consent } from "../model/plan-types.ts";
import { needsPerson, type Reason, reason } from "../model/reason.ts";
import { withCause } from "../probes/cause-of-loss.ts";
import { BegunByOthers } from "./begun-by-others.ts";
import { ending, sameAgain } from "./ended-run.ts";
import { holdRun, tellHolds } from "./holding.ts";
import { InitialRequest } from "./initial-request.ts";
import { forgetAgreement, keepConsent } from "./kept-agreements.ts";
import { Membership } from "./membership.ts";
import { open, start } from "./open-run.ts";
import { isOver } from "./recording.ts";
import type { Session } from "./session.ts";
import { deferNode, moveNode, type Requeue, retryNode, rollbackNode, runStep, viewOf } from "./work-on-step.ts";

const passMs = 2_000;
/** Between two looks at the cluster at least this long passes: a burst of events is one change. */
const restMs = 50;
const outageMs = 2_000;

/** Drives a run from wherever the cluster's record says it is, to its end or to where a person is needed. */
export async function run(session: Session, terms: RunTerms, signal: AbortSignal): Promise<Outcome> {
  const end = await driven(session, terms, signal).catch(async (thrown: unknown) => {
    // Whatever ended it, the next one need not wait the lease out.
    await session.ports.lock.release().catch(() => undefined);
    throw thrown;
  });
  const finished = { type: "run-finished", at: session.now(), ...end } as const;
  try {
    await session.advance(finished);
    forgetAgreement(session, terms);
  } catch {
    // The lease or the cluster is gone: the record stays as it was, and whoever comes next goes on from it.
    session.tell(finished);
  }
  await session.observers.close(isOver(session.state));
  await session.ports.lock.release().catch(() => undefined);
  return end.outcome;
}

async function driven(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End> {
  session.onConsent({
    first: () => start(session, terms, signal),
    given: (which, by) => keepConsent(session, terms, which, by),
  });
  try {
    const early = await open(session, terms, signal);
    return early ?? (await repeat(session, terms, signal));
  } catch (thrown) {
    if (signal.aborted)
      return { outcome: "interrupted", reason: reason("engine-stopped", {}, { actions: sameAgain(terms) }) };
    if (thrown instanceof CrossfadeError && thrown.code === "LOCK_LOST")
      return { outcome: "lock-lost", reason: thrown.reason };
    throw thrown;
  }
}

async function repeat(session: Session, terms: RunTerms, signal: AbortSignal): Promise<End> {
  const ours = AbortSignal.any([signal, session.ports.lock.lost]);
  const loop = {
    session,
    terms,
    signal: ours,
    membership: new Membership(session),
    others: new BegunByOthers(session),
  };
  const initial = new InitialRequest(session, terms);
  for (;;) {
    signal.throwIfAborted();
    const began = session.now();
    try {
      await initial.carryOut();
      const end = await reconcile(loop);
      if (typeof end !== "string") return end;
      if (end === "after-a-change") await rest(session, ours);
    } catch (thrown) {
      if (!signal.aborted && session.ports.lock.lost.aborted) {
        throw lostBecause(session.ports.lock.lost);
      }
      if (signal.aborted || !isPassing(thrown)) throw thrown;
      await outage(session, thrown, began, ours);
    }
  }
}

/** The lock knows who took it, or that nobody did: another cause must not be told. */
const lostBecause = ({ reason }: AbortSignal): CrossfadeError =>
  reason instanceof CrossfadeError ? reason : new CrossfadeError("LOCK_LOST", reason("run-not-ours", {}));

async function rest(session: Session, signal: AbortSignal): Promise<void> {
  const began = session.now();
  await session.ports.clock.sleep(restMs, signal);
  await session.sleep(Math.min(passMs, session.step.dueInMs ?? passMs), signal);
  if (session.state.pace === "paused" || waitsForPerson(session.state.hold)) stood(session, began);
}

/** Nobody worked since. */
function stood(session: Session, since: number): void {
  session.step.stood(session.now() - since);
}

/** Nothing can be asked or written: nothing is decided on old news, no step's time runs, and the screen says why. */
async function outage(session: Session, thrown: Passing, began: number, signal: AbortSignal): Promise<void> {
  holdRun(session, outageReason(thrown));
  const askedToWaitMs = thrown instanceof Unavailable ? thrown.retryAfterMs : null;
  await session.ports.clock.sleep(askedToWaitMs ?? outageMs, signal);
  stood(session, began);
}

/** Asked to undo one node only: once it is restored, or gone, the run stands still, and moves nobody else. */
async function onlyThatNode(session: Session, { rollback }: RunTerms): Promise<End | null> {
  if (rollback === undefined || rollback === "all") return null;
  const phase = session.state.nodes[rollback.node]?.state.phase;
  if (phase !== undefined && phase !== "rolled-back") return null;
  await session.advance({ type: "pace-changed", at: session.now(), pace: "paused", by: "the engine", takesHoldAt: "" });
  const { node } = rollback;
  const ending =
    phase === undefined
      ? reason("only-node-gone", { node }, { actions: ["resume"] })
      : reason("only-node-rolled-back", { node }, { actions: ["resume", "include"] });
  return { outcome: "rolled-back", reason: ending };
}

/** What lasts from one pass to the next. */
interface Loop {
  readonly session: Session;
  readonly terms: RunTerms;
  readonly signal: AbortSignal;
  readonly membership: Membership;
  readonly others: BegunByOthers;
}

async function reconcile({ session, terms, signal, membership, others }: Loop): Promise<End | Requeue> {
  await session.takeRequests();
  const theirs = await others.end();
  if (theirs) return theirs;
  if (session.releasedTo !== null)
    return { outcome: "released", reason: reason("lease-released", { to: session.releasedTo }) };
  const nodes = await session.ports.nodes.list();
  const view = viewOf(nodes);
  await membership.update(nodes);
  const alone = await onlyThatNode(session, terms);
  if (alone) return alone;
  const { act, holds } = await withCause(session, decide(session.state, view));
  // Nobody waits for what was given when the run was started.
  tellHolds(session, act.do === "ask" && terms.consents.has(act.consent) ? {} : holds);
  await tellNodes(session, act);
  forgetHold(session, act);
  return carryOut(session, terms, act, signal);
}

/** What the run waited for is over once it acts again; a step of the run replaces its own hold, or ends it. */
function forgetHold(session: Session, act: Act): void {
  const { hold } = session.state;
  if (hold === null || act.do === "wait" || (act.do === "run-step" && !waitsForPerson(hold))) return;
  session.tell({ type: "run-held", at: session.now(), hold: null });
}

/** "nodes" is no step with an act of its own: it stands for all node lives, and is told by what is done. */
async function tellNodes(session: Session, act: Act): Promise<void> {
  const known = session.state.steps.nodes;
  const at = session.now();
  if (act.do === "move-node" && known?.state !== "doing") {
    await session.advance({ type: "run-step-started", at, step: "nodes" });
  }
  const over = (act.do === "ask" && act.consent === "finalize") || (act.do === "run-step" && act.step === "upgrade");
  if (over && known?.state === "doing") {
    await session.advance({ type: "run-step-finished", at, step: "nodes", tookMs: at - known.since, note: "" });
  }
}

async function carryOut(session: Session, terms: RunTerms, act: Act, signal: AbortSignal): Promise<End | Requeue> {
  switch (act.do) {
    case "run-step":
      return runStep(session, act.step, signal);
    case "move-node":
      return moveNode(session, act.node, signal);
    case "retry-node":
      return retryNode(session, act.node, act.retry);
    case "rollback-node":
      return rollbackNode(session, act.node, signal);
    case "defer-node":
      return withoutIt(session, terms, act.node, signal);
    case "ask":
      return consent(session, terms, act.consent);
    case "stand-still":
      return standStill(session, terms);
    case "wait":
      return waitFor(session, terms, act.reason);
    case "finish":
      return { outcome: act.outcome, reason: ending(act.outcome) };
    default:
      return act satisfies never;
  }
}

async function standStill(session: Session, { attended }: RunTerms): Promise<End | Requeue> {
  await session.advance({ type: "pace-changed", at: session.now(), pace: "paused", by: "the engine", takesHoldAt: "" });
  return attended ? "at-once" : paused;
}

/** An engine that was asked to undo this node only waits for it: it is to move nobody else. */
const withoutIt = (session: Session, { rollback }: RunTerms, node: string, signal: AbortSignal): Promise<Requeue> =>
  rollback === undefined ? deferNode(session, node, signal) : rollbackNode(session, node, signal);

function waitFor(session: Session, terms: RunTerms, why: Reason): End | Requeue {
  holdRun(session, why);
  return terms.attended || !needsPerson(why) ? "after-a-change" : standing(session, why);
}

const paused: End = { outcome: "paused", reason: reason("ended-paused", {}, { actions: ["resume"] }) };

/** Unattended, the run ends where only a person can go on, and says which way it stands. */
function standing({ state }: Session, why: Reason): End {
  if (state.pace === "paused") return paused;
  const failed =
    Object.values(state.nodes).some(({ state: nodeState }) => nodeState.phase === "failed") ||
    policyRollback(state).length > 0 ||
    Object.values(state.steps).some((step) => step.state === "failed");
  return { outcome: failed ? "failed" : "waiting", reason: why };
}

async function consent(session: Session, terms: RunTerms, which: Consent): Promise<End | Requeue> {
  if (terms.consents.has(which)) {
    if (which === "nodes") await session.begin();
    session.tellDecision({ request: "consent", consent: which, by: terms.by });
    await session.advance({ type: "consent-given", at: session.now(), consent: which, by: terms.by });
    return "at-once";
  }
  if (session.state.asking !== which) session.tell({ type: "consent-asked", at: session.now(), consent: which });
  if (terms.attended) return "after-a-change";
  const actions = session.recording ? (["consent"] as const) : [];
  return {
    outcome: "waiting",
    reason: reason("consent-not-given", { consent: which }, { clearedBy: "person", actions }),
  };
}
