import type { Flow } from "../../model/probing/flow.ts";
import type { FlowCount } from "../../model/probing/prober-line.ts";
import { type Disturbances, doingAt, unexplained } from "./disturbances.ts";

/** Probes that were lost one after the other, by the engine's clock. */
interface OpenRun {
  /** Its begin by the prober's clock: what the prober calls it by. */
  readonly begun: number;
  readonly since: number;
  readonly ms: number;
  readonly lost: number;
  readonly error: string;
}

/** One that has ended, and what of it nothing explains. */
export interface ClosedRun extends OpenRun {
  readonly unexplainedMs: number;
  readonly unexplainedSince: number;
  readonly unexplainedLost: number;
  readonly during: string;
  /** The prober, or the other end, had no processor: says nothing of the network. */
  readonly isStalled: boolean;
}

/** Of some seconds: what was good, and what was lost without a reason. */
interface Bucket {
  readonly at: number;
  readonly good: number;
  readonly lost: number;
}

/** What was measured before anything was begun. */
export interface Baseline {
  readonly sent: number;
  readonly lost: number;
  readonly longestGapMs: number;
  readonly delayMs: number | null;
}

/** All that is remembered of one flow, bounded whatever happens. */
export interface FlowHistory {
  readonly flow: Flow;
  readonly baseline: Baseline | null;
  readonly good: number;
  /** Without a reason. */
  readonly lost: number;
  /** In a gap that the run itself made. */
  readonly expected: number;
  /** While an end had no processor. */
  readonly stalled: number;
  /** Of lines that never came. */
  readonly unknownMs: number;
  /** Of its last line, by the engine's clock. */
  readonly toldAt: number | null;
  readonly lastGoodAt: number | null;
  readonly open: OpenRun | null;
  /** Newest last. */
  readonly closed: readonly ClosedRun[];
  readonly buckets: readonly Bucket[];
  /** Of late, in milliseconds; null before the first answer. */
  readonly delayMs: number | null;
  readonly longestDelayMs: number;
}

const mostClosed = 64;
const bucketMs = 5_000;
/** Five minutes. */
const mostBuckets = 60;
/** From so much on losses are the processor's, not the network's. */
const stallMs = 500;
/** How much a new mean of a second counts. */
const weight = 0.1;

export const newHistory = (flow: Flow, baseline: Baseline | null = null): FlowHistory => ({
  flow,
  baseline,
  good: 0,
  lost: 0,
  expected: 0,
  stalled: 0,
  unknownMs: 0,
  toldAt: null,
  lastGoodAt: null,
  open: null,
  closed: [],
  buckets: [],
  delayMs: null,
  longestDelayMs: 0,
});

/** About a line: when it was said by the engine's clock, and how that differs from the prober's. */
export interface Told {
  readonly at: number;
  /** The engine's clock less the prober's. */
  readonly clockMs: number;
  /** How late the prober came to its own work. */
  readonly stallMs: number;
}

function inBucket(buckets: readonly Bucket[], at: number, more: Omit<Bucket, "at">): readonly Bucket[] {
  const begins = Math.floor(at / bucketMs) * bucketMs;
  const index = buckets.findLastIndex((bucket) => bucket.at <= begins);
  const known = buckets[index];
  if (known?.at === begins)
    return buckets.with(index, { at: begins, good: known.good + more.good, lost: known.lost + more.lost });
  return buckets.toSpliced(index + 1, 0, { at: begins, ...more }).slice(-mostBuckets);
}

/** Ends the run of losses that is open. `peerStallMs`: what the other end said of itself when it was heard again. */
function closed(history: FlowHistory, log: Disturbances, stall: number): FlowHistory {
  const { open, flow } = history;
  if (open === null) return history;
  const free = unexplained(log, flow, open.since, open.since + open.ms);
  const isStalled = free.longestMs > 0 && stall >= Math.max(stallMs, open.ms / 2);
  const unexplainedLost = isStalled ? 0 : Math.round((open.lost * free.totalMs) / Math.max(1, open.ms));
  const run: ClosedRun = {
    ...open,
    unexplainedMs: isStalled ? 0 : free.longestMs,
    unexplainedSince: free.since,
    unexplainedLost,
    during: doingAt(log, free.since),
    isStalled,
  };
  return {
    ...history,
    open: null,
    closed: [...history.closed, run].slice(-mostClosed),
    lost: history.lost + unexplainedLost,
    expected: history.expected + (isStalled ? 0 : open.lost - unexplainedLost),
    stalled: history.stalled + (isStalled ? open.lost : 0),
    buckets:
      unexplainedLost === 0
        ? history.buckets
        : inBucket(history.buckets, free.since, { good: 0, lost: unexplainedLost }),
  };
}

/** The losses of a second: they go on with the run that is open, or begin one. */
function withLosses(history: FlowHistory, count: FlowCount, told: Told, log: Disturbances): FlowHistory {
  const { flow, open } = history;
  const begun = count.gap?.since ?? told.at - told.clockMs;
  const ms = Math.max(count.gap?.ms ?? 0, flow.everyMs);
  const goesOn = open?.begun === begun;
  const before = goesOn ? history : closed(history, log, Math.max(told.stallMs, count.peerStallMs));
  const run = goesOn ? open : { begun, since: begun + told.clockMs, ms: 0, lost: 0, error: "" };
  return {
    ...before,
    open: { ...run, ms: Math.max(run.ms, ms), lost: run.lost + count.lost, error: count.error || run.error },
  };
}

function withGood(history: FlowHistory, { good, delayMs }: FlowCount, at: number): FlowHistory {
  if (good === 0) return history;
  const mean = delayMs?.mean ?? history.delayMs;
  const smoothed =
    mean === null || history.delayMs === null ? mean : history.delayMs + weight * (mean - history.delayMs);
  return {
    ...history,
    good: history.good + good,
    lastGoodAt: at,
    buckets: inBucket(history.buckets, at, { good, lost: 0 }),
    delayMs: smoothed,
    longestDelayMs: Math.max(history.longestDelayMs, delayMs?.most ?? 0),
  };
}

/** The flow after one more second of it. */
export function afterCount(history: FlowHistory, count: FlowCount, told: Told, log: Disturbances): FlowHistory {
  let next: FlowHistory = withGood({ ...history, toldAt: told.at }, count, told.at);
  if (count.lost > 0) next = withLosses(next, count, told, log);
  if (count.lostInARow === 0 && (count.good > 0 || count.lost > 0))
    next = closed(next, log, Math.max(told.stallMs, count.peerStallMs));
  return next;
}

/** Lines of so long a time were lost: what happened then is not known. */
export const afterHole = (history: FlowHistory, ms: number): FlowHistory => ({
  ...history,
  unknownMs: history.unknownMs + ms,
});

/** Its prober was restarted, or asks it no more: a run of losses ends as it is known. */
export const afterEnd = (history: FlowHistory, log: Disturbances): FlowHistory => closed(history, log, 0);

/** What is measured now is the baseline of what comes. */
export const baselineOf = ({ good, lost, expected, closed: runs, delayMs }: FlowHistory): Baseline => ({
  sent: good + lost + expected,
  lost,
  longestGapMs: Math.max(0, ...runs.map(({ unexplainedMs }) => unexplainedMs)),
  delayMs,
});
