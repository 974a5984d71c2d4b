import type { View } from "../decide/act.ts";
import { nodesIn } from "../decide/nodes-of-run.ts";
import { CrossfadeError, isPassing, toFailure } from "../model/errors.ts";
import type { NodeFacts } from "../model/facts.ts";
import {
  beforeOf,
  isRollbackStep,
  type NodeEvent,
  type NodeState,
  type RollbackStepId,
  type StepId,
} from "../model/node-state.ts";
import { note } from "../model/notes/note.ts";
import type { Observation, Waiting } from "../model/observation.ts";
import { nodeStepsOf, rollbackNodeStepsOf, stepAfter } from "../model/plan/step-order.ts";
import type { Plan, RollbackRunStepId, RunStepId } from "../model/plan-types.ts";
import { needsPerson, type Reason, reason } from "../model/reason.ts";
import type { AnyStep, NodeScope, RunScope } from "../model/step.ts";
import { causeOrLoss } from "../probes/cause-of-loss.ts";
import { removalOf } from "../sources/registry.ts";
import { nodeStep, runStep as runLeaf } from "./catalogue.ts";
import { deniedOr, holdNode, holdRun } from "./holding.ts";
import { keepCordoned } from "./keep-cordoned.ts";
import type { Session } from "./session.ts";
import { movedInMs, workedMs } from "./time-worked.ts";

/** Whether the next pass may follow at once, or only after something changed. */
export type Requeue = "at-once" | "after-a-change";

/** The nodes as the decision looks at them. */
export const viewOf = (nodes: readonly NodeFacts[]): View => new Map(nodes.map(({ name, ready }) => [name, { ready }]));

function planOf({ state }: Session): Plan {
  if (state.plan) return state.plan;
  throw new Error("a step was taken before there was a plan");
}

const limitOf = ({ timeoutMs }: AnyStep, plan: Plan): number =>
  typeof timeoutMs === "function" ? timeoutMs(plan) : timeoutMs;

/** A step's time runs only while an engine is at work, the cluster answers and nobody is waited for; 0 is for ever. */
function overdue(session: Session, step: AnyStep, since: number): boolean {
  const limitMs = limitOf(step, planOf(session));
  const from = Math.max(since, session.takenUpAt);
  return limitMs > 0 && session.now() - from - session.step.idleMs >= limitMs;
}

const timedOut = (step: AnyStep, node: string | null, { reason: waitsFor }: Waiting) =>
  new CrossfadeError("STEP_TIMED_OUT", reason("step-timed-out", { step: step.id, node, waitsFor }));

interface StepInHand {
  readonly step: AnyStep;
  readonly since: number;
  readonly observe: () => Promise<Observation>;
  readonly apply: () => Promise<void>;
  readonly held: (why: Reason) => void;
  /** Null where it is a step of the run. */
  readonly node: string | null;
}

/** Observes and, where it is not done, applies once. True when the step is done. */
async function observeAndApply(
  session: Session,
  { step, since, observe, apply, held, node }: StepInHand,
): Promise<Observation> {
  const seen = await session.asking(observe);
  if (seen.done) return seen;
  const why = session.step.denied ?? { ...seen, reason: await causeOrLoss(session, seen.reason) };
  held(why.reason);
  session.step.waitsFor(why);
  if (!needsPerson(why.reason) && overdue(session, step, since)) throw timedOut(step, node, why);
  const denied = await deniedOr(session.asking(apply));
  session.step.wrote(denied);
  if (denied) held(denied.reason);
  return seen;
}

function nodeScope(session: Session, node: string, nodeState: NodeState, signal: AbortSignal): NodeScope {
  const { ports, state, step } = session;
  return {
    ports,
    plan: planOf(session),
    node,
    stepSince: "stepSince" in nodeState ? nodeState.stepSince : session.now(),
    before: beforeOf(nodeState),
    again: "again" in nodeState && nodeState.again === true,
    migrated: nodesIn(state, "migrated").map(({ name }) => name),
    nodes: state.order,
    excludedOrDeferred: nodesIn(state, "deferred", "excluded").map(({ name }) => name),
    declaredRebooted: step.isDeclaredRebooted(node),
    memory: step.memory,
    remember: (before) => session.advance({ type: "node-remembered", node, at: session.now(), before }),
    log: (level, said) => session.log(level, said, node),
    signal,
  };
}

async function nextStep(session: Session, node: string, id: StepId | RollbackStepId): Promise<void> {
  const at = session.now();
  session.beginStep();
  if (isRollbackStep(id)) {
    const next = stepAfter(rollbackNodeStepsOf(planOf(session)), id);
    await session.advance(
      next ? { type: "node-rollback-step-started", node, at, step: next } : { type: "node-rolled-back", node, at },
    );
    return;
  }
  const next = stepAfter(nodeStepsOf(planOf(session)), id);
  await session.advance(
    next
      ? { type: "node-step-started", node, at, step: next }
      : { type: "node-migrated", node, at, workedMs: movedInMs(session, node) },
  );
}

/** Works on a node's present step. */
async function workOn(
  session: Session,
  node: string,
  state: NodeState & { phase: "migrating" | "rolling-back" },
  signal: AbortSignal,
): Promise<Requeue> {
  const step = nodeStep(state.step, planOf(session), session.catalogue);
  const scope = nodeScope(session, node, state, signal);
  await keepCordoned(scope, step.id);
  const seen = await observeAndApply(session, {
    step,
    since: state.stepSince,
    observe: () => step.observe(scope),
    apply: () => step.apply(scope),
    held: (why) => holdNode(session, node, why),
    node,
  });
  if (!seen.done) return "after-a-change";
  const at = session.now();
  session.tell({
    type: "node-step-finished",
    node,
    at,
    step: step.id,
    tookMs: workedMs(session, state.stepSince, at),
    note: seen.note ?? "",
  });
  await nextStep(session, node, step.id);
  return "at-once";
}

/** A failed step fails its node, and the run stands; "could not ask" and a lost lock are somebody else's business. */
async function failNode(
  session: Session,
  node: string,
  step: StepId | RollbackStepId,
  thrown: unknown,
): Promise<Requeue> {
  const failure = toFailure(thrown);
  if (failure.code === "NODE_GONE") return "after-a-change";
  session.log("error", note("failed", { failure }), node);
  await session.advance({ type: "node-failed", node, at: session.now(), step, failure });
  return "at-once";
}

/** A write that admission refused outside of a step's own is one of a record: the run holds until it passes. */
const passesOn = (thrown: unknown, signal: AbortSignal): boolean =>
  signal.aborted || isPassing(thrown) || (thrown instanceof CrossfadeError && thrown.code === "LOCK_LOST");

type Undertaken = Extract<NodeState, { readonly phase: "migrating" | "rolling-back" }>;

async function begin(session: Session, event: NodeEvent): Promise<Requeue> {
  session.beginStep();
  try {
    await session.advance(event);
    return "at-once";
  } catch (thrown) {
    // The next look finds that it is not in the cluster any more.
    if (toFailure(thrown).code !== "NODE_GONE") throw thrown;
    return "after-a-change";
  }
}

async function workOrFail(session: Session, node: string, state: Undertaken, signal: AbortSignal): Promise<Requeue> {
  try {
    return await workOn(session, node, state, signal);
  } catch (thrown) {
    if (passesOn(thrown, signal)) throw thrown;
    return failNode(session, node, state.step, thrown);
  }
}

/** Begins to move a node, or goes on with it. */
export function moveNode(session: Session, node: string, signal: AbortSignal): Promise<Requeue> {
  const state = session.state.nodes[node]?.state;
  if (state?.phase === "migrating") return workOrFail(session, node, state, signal);
  const [step = "precheck"] = nodeStepsOf(planOf(session));
  return begin(session, { type: "node-step-started", node, at: session.now(), step });
}

/** Begins to take a node back, or goes on with it. Where nobody turned back, the plan's policy has a failed one taken back. */
export function rollbackNode(session: Session, node: string, signal: AbortSignal): Promise<Requeue> {
  const { nodes, direction } = session.state;
  const state = nodes[node]?.state;
  if (state?.phase === "rolling-back") return workOrFail(session, node, state, signal);
  const started = { type: "node-rollback-step-started", node, at: session.now(), step: "rollback-cordon" } as const;
  if (state?.phase === "deferred") {
    session.log("info", note("deferred-rolled-back", { node }), node);
    return begin(session, started);
  }
  if (direction === "rollback") return begin(session, started);
  session.log("warning", note("failed-rolled-back", { node }), node);
  return begin(session, { ...started, byPolicy: true });
}

/** Goes on without a node that is not Ready: cordoned, so that it comes back empty, and without a reboot of ours that waits for it. */
export async function deferNode(session: Session, node: string, signal: AbortSignal): Promise<Requeue> {
  const state = session.state.nodes[node]?.state;
  try {
    if (state && beforeOf(state) !== null) {
      await session.ports.rebooter.tidy(node);
      await session.ports.nodes.cordon(node);
    }
  } catch (thrown) {
    if (passesOn(thrown, signal)) throw thrown;
    return failNode(session, node, "rollback-cordon", thrown);
  }
  return begin(session, { type: "node-deferred", node, at: session.now() });
}

/** Begins the step again at which the node failed. */
export function retryNode(session: Session, node: string, retry: number): Promise<Requeue> {
  const state = session.state.nodes[node]?.state;
  if (state?.phase !== "failed") throw new Error(`${node} has not failed and cannot be retried`);
  const { step } = state;
  session.log("info", note("node-retried", { node, step, retry }), node);
  const started = { node, at: session.now(), retry } as const;
  return begin(
    session,
    isRollbackStep(step)
      ? { type: "node-rollback-step-started", ...started, step }
      : { type: "node-step-started", ...started, step },
  );
}

function runScope(session: Session, since: number, signal: AbortSignal): RunScope {
  const { ports, state, step } = session;
  const plan = planOf(session);
  return {
    ports,
    plan,
    removal: removalOf(plan.source, session.catalogue.sources),
    stepSince: since,
    nodes: state.order.filter((name) => state.nodes[name]?.state.phase !== "excluded"),
    memory: step.memory,
    consented: (consent) => state.consents[consent] !== undefined,
    log: (level, said, node) => session.log(level, said, node ?? null),
    leftovers: (node, found) => session.tell({ type: "leftovers", at: session.now(), node, ...found }),
    signal,
  };
}

/** Works on a step of the whole run. */
export async function runStep(
  session: Session,
  id: RunStepId | RollbackRunStepId,
  signal: AbortSignal,
): Promise<Requeue> {
  const step = runLeaf(id, planOf(session), session.catalogue);
  const known = session.state.steps[id];
  if (known?.state !== "doing") {
    session.beginStep();
    await session.advance({ type: "run-step-started", at: session.now(), step: id });
    return "at-once";
  }
  try {
    const scope = runScope(session, known.since, signal);
    const seen = await observeAndApply(session, {
      step,
      since: known.since,
      observe: () => step.observe(scope),
      apply: () => step.apply(scope),
      held: (why) => holdRun(session, why),
      node: null,
    });
    if (!seen.done) return "after-a-change";
    const at = session.now();
    const tookMs = workedMs(session, known.since, at);
    await session.advance({ type: "run-step-finished", at, step: id, tookMs, note: seen.note ?? "" });
    return "at-once";
  } catch (thrown) {
    if (passesOn(thrown, signal)) throw thrown;
    const failure = toFailure(thrown);
    // An object or a node vanished while we looked: the next look finds it gone.
    if (failure.code === "NODE_GONE" && !overdue(session, step, known.since)) return "after-a-change";
    session.log("error", note("failed", { failure }));
    await session.advance({ type: "run-step-failed", at: session.now(), step: id, failure });
    return "at-once";
  }
}
