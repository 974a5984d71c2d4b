import type { View } from "../decide/act.ts";
import { decide } from "../decide/decide.ts";
import type { BrokenPath, EngineEvent, Runner } from "../model/events.ts";
import { fold } from "../model/fold.ts";
import { type Hold, sameReason } from "../model/hold.ts";
import { type NodeState, nextNodeState } from "../model/node-state.ts";
import { canonicalJson } from "../model/plan/canonical-json.ts";
import type { LockState } from "../model/ports/lock.ts";
import type { HeldNode, RunnerNews } from "../model/ports/observers.ts";
import type { NodeRecord, RunRecord } from "../model/ports/records.ts";
import { type Reason, reason } from "../model/reason.ts";
import { type MigrationState, nothingYet, type RunNode, type RunStepState } from "../model/state.ts";
import { recall } from "../run/recording.ts";
import { paceOf } from "./pace-of.ts";

/** All that can be known of a run without being its engine. */
export interface Seen {
  readonly record: RunRecord;
  readonly nodeRecords: Readonly<Record<string, NodeRecord>>;
  readonly news: RunnerNews | null;
  readonly lock: LockState | null;
  readonly view: View;
}

type RunStep = Extract<EngineEvent, { type: "run-step-started" }>["step"];
type NodeStep = Extract<EngineEvent, { type: "node-step-finished" }>["step"];

const same = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other);

/** Another run than the one that is shown, or the first. */
export const isAnother = ({ plan, startedAt }: MigrationState, { record }: Seen): boolean =>
  plan?.hash !== record.plan.hash || startedAt !== record.startedAt;

/** What a runner that is gone published says nothing of what is now. */
function validNews({ news, lock }: Seen): RunnerNews | null {
  return news !== null && lock !== null && !lock.expired && news.holder === lock.holder ? news : null;
}

function runnerOf({ lock }: Seen): Runner {
  if (lock === null) return { holder: "", since: 0, lease: "free" };
  return { holder: lock.holder, since: lock.since, lease: lock.expired ? "expired" : "held" };
}

function ofRun(state: MigrationState, seen: Seen, at: number): readonly EngineEvent[] {
  const { record } = seen;
  const events: EngineEvent[] = [];
  const runner = runnerOf(seen);
  if (!same(state.runner, runner)) events.push({ type: "runner-known", at, runner });
  for (const [name, given] of Object.entries(record.consents)) {
    const consent = name as keyof typeof record.consents;
    if (!state.consents[consent]) events.push({ type: "consent-given", at: given.at, consent, by: given.by });
  }
  if (state.direction !== record.direction)
    events.push({ type: "direction-changed", at, direction: record.direction, by: "the runner" });
  if (state.whenLeft !== record.whenLeft) events.push({ type: "when-left-changed", at, whenLeft: record.whenLeft });
  return events;
}

function ofSteps(state: MigrationState, seen: Seen, at: number): readonly EngineEvent[] {
  const news = validNews(seen);
  return seen.record.started.flatMap((id): readonly EngineEvent[] => {
    const step = id as RunStep;
    const tookMs = seen.record.stepsDone[step];
    if (tookMs === undefined) return ofOpenStep(step, state.steps[step], news?.steps[step], at);
    return state.steps[step]?.state === "done" ? [] : [{ type: "run-step-finished", at, step, tookMs, note: "" }];
  });
}

const begunAt = (step: RunStepState | undefined): number | null =>
  step?.state === "doing" || step?.state === "stopped" ? step.since : null;

/** A step that is begun and not done: only the runner knows since when, and whether it failed. */
function ofOpenStep(
  step: RunStep,
  known: RunStepState | undefined,
  told: RunStepState | undefined,
  at: number,
): readonly EngineEvent[] {
  if (told?.state === "failed")
    return same(known, told) ? [] : [{ type: "run-step-failed", at, step, failure: told.failure }];
  const begun = begunAt(known);
  const since = begunAt(told) ?? begun;
  if (begun !== null && since === begun) return [];
  return [{ type: "run-step-started", at: since ?? at, step }];
}

/** The event by which a node's state came to be what it is. */
function birthOf(node: string, state: NodeState, at: number): EngineEvent {
  switch (state.phase) {
    case "queued":
      return { type: "node-queued", node, at };
    case "excluded":
      return { type: "node-excluded", node, at, because: state.because };
    case "migrating":
      return { type: "node-step-started", node, at: state.stepSince, step: state.step };
    case "failed":
      return { type: "node-failed", node, at: state.at, step: state.step, failure: state.failure };
    case "rolling-back":
      return { type: "node-rollback-step-started", node, at: state.stepSince, step: state.step };
    case "deferred":
      return { type: "node-deferred", node, at: state.at };
    case "rolled-back":
      return { type: "node-rolled-back", node, at: state.at };
    case "migrated":
      return { type: "node-migrated", node, at: state.at, workedMs: state.tookMs };
    default:
      return state satisfies never;
  }
}

const stepOf = (state: NodeState): string => `${state.phase} ${"step" in state ? state.step : ""}`;

function ofNode(
  state: MigrationState,
  node: string,
  { state: nodeState, timings }: NodeRecord,
  at: number,
): readonly EngineEvent[] {
  const known = state.nodes[node];
  const recalled = { type: "node-recalled", at, node, state: nodeState } as const;
  const taken = Object.entries(timings).flatMap(([step, tookMs]): readonly EngineEvent[] =>
    known?.timings[step as NodeStep] === tookMs
      ? []
      : [{ type: "node-step-finished", at, node, step: step as NodeStep, tookMs, note: "" }],
  );
  if (known && same(known.state, nodeState)) return taken;
  if (!known || stepOf(known.state) === stepOf(nodeState)) return [recalled, ...taken];
  const birth = birthOf(node, nodeState, at);
  const folded = nextNodeState(known.state, birth as Parameters<typeof nextNodeState>[1]);
  return [...taken, birth, ...(same(folded, nodeState) ? [] : [recalled])];
}

/** Those that left are let go; of those that joined the runner will write. */
function vanished(state: MigrationState, { view }: Seen, at: number): readonly EngineEvent[] {
  return state.order.filter((node) => !view.has(node)).map((node) => ({ type: "node-vanished", node, at }) as const);
}

function ofPace(state: MigrationState, { record }: Seen, news: RunnerNews | null, at: number): readonly EngineEvent[] {
  const { pace, takesHoldAt } = paceOf(record.paused, news);
  if (state.pace === pace && state.takesHoldAt === takesHoldAt) return [];
  return [{ type: "pace-changed", at, pace, by: "the runner", takesHoldAt }];
}

function ofPaths(known: readonly BrokenPath[], now: readonly BrokenPath[], at: number): readonly EngineEvent[] {
  const broken = now.filter((path) => !known.some((one) => same(one, path)));
  const mended = known.filter(({ between }) => !now.some((path) => path.between === between));
  return [
    ...broken.map((path) => ({ type: "path-broken", at, broken: path }) as const),
    ...mended.map(({ between }) => ({ type: "path-mended", at, between }) as const),
  ];
}

function ofNews(state: MigrationState, seen: Seen, at: number): readonly EngineEvent[] {
  const news = validNews(seen);
  const events = [...ofPace(state, seen, news, at)];
  const { asking, hold, scores, broken, log } = news ?? { ...state, ...seen.record.measured, hold: null, log: [] };
  if (asking !== null && asking !== state.asking) events.push({ type: "consent-asked", at, consent: asking });
  if (!same(state.hold, hold)) events.push({ type: "run-held", at, hold });
  if (!same(state.scores, scores)) events.push({ type: "connectivity", at, scores });
  events.push(...ofPaths(state.broken, broken, at));
  // Not by their times: the runner's clock may be set back.
  const told = new Set(state.log.map(canonicalJson));
  for (const line of log) if (!told.has(canonicalJson(line))) events.push({ type: "log", ...line });
  return events;
}

/** Above this many nodes only those in hand say why they wait: that the others wait for their turn is plain. */
const tellAllUpToNodes = 300;

/** Why nodes wait, where that changed: of the one in hand the runner says it, of the others everybody finds the same. */
function newHolds(
  state: MigrationState,
  seen: Seen,
  at: number,
): readonly (readonly [node: string, hold: Hold | null])[] {
  if (state.outcome !== null) return [];
  const told = validNews(seen)?.holds ?? {};
  const holds = state.order.length > tellAllUpToNodes ? {} : decide(state, seen.view).holds;
  return state.order.flatMap((node): readonly (readonly [string, Hold | null])[] => {
    const old = state.nodes[node]?.hold ?? null;
    const hold = toldFor(told[node], state.nodes[node]?.state) ?? heldFor(holds[node], old, at);
    return hold === old || same(old, hold) ? [] : [[node, hold]];
  });
}

const toldFor = (told: HeldNode | undefined, state: NodeState | undefined): Hold | null =>
  told !== undefined && state !== undefined && "step" in state && state.step === told.step ? told.hold : null;

const heldFor = (reason: Reason | undefined, old: Hold | null, at: number): Hold | null =>
  reason === undefined ? null : { reason, since: old !== null && sameReason(old.reason, reason) ? old.since : at };

function ending({ outcome }: MigrationState, { record: { finished } }: Seen): readonly EngineEvent[] {
  if (finished === null || outcome !== null) return [];
  const code = finished.outcome === "migrated" ? "every-node-migrated" : "every-node-rolled-back";
  return [{ type: "run-finished", at: finished.at, outcome: finished.outcome, reason: reason(code, {}) }];
}

/** The events that bring an observer's state to what is seen, in the words of the engine that caused them. Pure. */
export function differences(state: MigrationState, seen: Seen, at: number): readonly EngineEvent[] {
  const events: EngineEvent[] = [];
  let now = state;
  const add = (more: readonly EngineEvent[]) => {
    events.push(...more);
    now = more.reduce(fold, now);
  };
  add(ofRun(now, seen, at));
  add(ofSteps(now, seen, at));
  for (const [node, record] of Object.entries(seen.nodeRecords)) add(ofNode(now, node, record, at));
  add(vanished(now, seen, at));
  add(ofNews(now, seen, at));
  add(newHolds(now, seen, at).map(([node, hold]) => ({ type: "node-held", at, node, hold })));
  add(ending(now, seen));
  return events;
}

/** The state of an observer that has just come. Nodes are set at once: a fold each would take a minute for thousands. */
export function watched(seen: Seen, at: number): MigrationState {
  const begun = recall(seen.record, {}, at).reduce(fold, nothingYet);
  const nodes: Record<string, RunNode> = { ...begun.nodes };
  for (const [name, { state, timings }] of Object.entries(seen.nodeRecords))
    nodes[name] = { name, state, timings, hold: null, snapshot: null, leftovers: null };
  const joined = Object.keys(seen.nodeRecords).filter((name) => !(name in begun.nodes));
  const recalled = { ...begun, nodes, order: [...begun.order, ...joined] };
  for (const [name, hold] of newHolds(recalled, seen, at)) {
    const node = nodes[name];
    if (node) nodes[name] = { ...node, hold };
  }
  return differences(recalled, seen, at).reduce(fold, recalled);
}
