import type { Flow, LossBudget, LossVerdict, Trespass, TrespassKind, Unmeasured } from "../../model/probing/flow.ts";
import { type Disturbances, doingAt, unexplained } from "./disturbances.ts";
import type { ClosedRun, FlowHistory } from "./flow-history.ts";

/** Without a line for so long nothing is known of a flow. */
const staleMs = 5_000;
/** A path outside the baseline worked once it answered so often. */
const provenBy = 10;
/** In the baseline: of a path that loses more than half nothing can be said. */
const mostLostInBaseline = 0.5;
/** Standard deviations above the budget: one chance in thirty thousand for each window of each flow. */
const confidence = 4;
/** A path flaps where so many runs of two and more losses began within a minute. */
const flaps = 3;
const flapMs = 60_000;
/** A share that is small is only seen over a longer time. */
const longerMs = 300_000;

/** Whether it worked before: in the baseline, or since then. */
function hasWorked({ baseline, good }: FlowHistory): boolean {
  if (baseline !== null && baseline.sent > 0) return baseline.lost / baseline.sent <= mostLostInBaseline;
  return good >= provenBy;
}

/** What it did before anything was begun, it may go on doing. */
const gapAllowed = ({ baseline }: FlowHistory, budget: LossBudget) =>
  Math.max(budget.gapMs, 2 * (baseline?.longestGapMs ?? 0));

function shareAllowed({ baseline }: FlowHistory, budget: LossBudget): number {
  const before = baseline === null || baseline.sent === 0 ? 0 : baseline.lost / baseline.sent;
  return Math.max(budget.share, 2 * before);
}

/** So many of `sent` are more than the share allows, and not by chance. */
function tooMany(sent: number, share: number): number {
  const mean = sent * share;
  return mean + confidence * Math.sqrt(mean * (1 - share)) + 1;
}

interface Judged {
  readonly history: FlowHistory;
  readonly log: Disturbances;
  readonly budget: LossBudget;
  readonly now: number;
  /** Losses before are settled: a person decided to go on. */
  readonly since: number;
}

interface Found {
  readonly since: number;
  readonly gapMs: number;
  readonly lost: number;
  readonly sent: number;
  readonly error: string;
}

const trespass = (kind: TrespassKind, { history, log }: Judged, found: Found): Trespass => ({
  kind,
  flow: history.flow,
  ...found,
  during: doingAt(log, found.since),
});

/** A gap that is open. */
function failing(judged: Judged): Trespass | null {
  const { history, log, budget, since } = judged;
  const { open, flow } = history;
  if (open === null) return null;
  const from = Math.max(open.since, since);
  const free = unexplained(log, flow, from, open.since + open.ms);
  if (free.longestMs <= gapAllowed(history, budget)) return null;
  const { lost, error } = open;
  return trespass("failing", judged, { since: free.since, gapMs: free.longestMs, lost, sent: lost, error });
}

const counted = ({ history: { closed }, since }: Judged): readonly ClosedRun[] =>
  closed.filter((run) => run.unexplainedMs > 0 && run.unexplainedSince > since);

function longestOf(runs: readonly ClosedRun[]): ClosedRun | undefined {
  return runs.toSorted((one, other) => other.unexplainedMs - one.unexplainedMs)[0];
}

/** A gap that has ended. */
function endedGap(judged: Judged): Trespass | null {
  const run = longestOf(counted(judged));
  if (run === undefined || run.unexplainedMs <= gapAllowed(judged.history, judged.budget)) return null;
  const { unexplainedSince: since, unexplainedMs: gapMs, unexplainedLost: lost, error } = run;
  return trespass("gap", judged, { since, gapMs, lost, sent: lost, error });
}

/** It comes and goes. */
function flapping(judged: Judged): Trespass | null {
  const { flow } = judged.history;
  const runs = counted(judged).filter(
    ({ unexplainedMs, unexplainedSince }) =>
      unexplainedMs >= 2 * flow.everyMs && judged.now - unexplainedSince <= flapMs,
  );
  const longest = longestOf(runs);
  if (runs.length < flaps || longest === undefined) return null;
  return trespass("flapping", judged, {
    since: runs[0]?.unexplainedSince ?? longest.unexplainedSince,
    gapMs: longest.unexplainedMs,
    lost: runs.reduce((sum, { unexplainedLost }) => sum + unexplainedLost, 0),
    sent: Math.round(flapMs / flow.everyMs),
    error: longest.error,
  });
}

/** More than the share, over the budget's time or over a longer one. */
function lossy(judged: Judged): Trespass | null {
  const { history, budget, now, since } = judged;
  const share = shareAllowed(history, budget);
  for (const overMs of [budget.overMs, Math.max(longerMs, budget.overMs)]) {
    const buckets = history.buckets.filter(({ at }) => at > now - overMs && at > since);
    const lost = buckets.reduce((sum, bucket) => sum + bucket.lost, 0);
    const sent = lost + buckets.reduce((sum, bucket) => sum + bucket.good, 0);
    if (lost < tooMany(sent, share)) continue;
    const runs = counted(judged).filter(({ unexplainedSince }) => unexplainedSince > now - overMs);
    const first = runs[0];
    return trespass("lossy", judged, {
      since: first?.unexplainedSince ?? now - overMs,
      gapMs: longestOf(runs)?.unexplainedMs ?? 0,
      lost,
      sent,
      error: runs.at(-1)?.error ?? "",
    });
  }
  return null;
}

/** How one flow exceeded the budget, the gravest way first; null where it did not, or never worked. */
function trespassOf(judged: Judged): Trespass | null {
  if (!hasWorked(judged.history)) return null;
  return failing(judged) ?? flapping(judged) ?? endedGap(judged) ?? lossy(judged);
}

const gravest: readonly TrespassKind[] = ["failing", "flapping", "gap", "lossy"];

const unmeasuredOf = ({ flow, toldAt }: FlowHistory, now: number): readonly Unmeasured[] =>
  toldAt !== null && now - toldAt <= staleMs ? [] : [{ flow, since: toldAt }];

/** Without a line, and without a reason of the run's that there is none. */
function silent(histories: readonly FlowHistory[], log: Disturbances, now: number): readonly Unmeasured[] {
  return histories
    .flatMap((history) => unmeasuredOf(history, now))
    .filter(({ flow, since }) => unexplained(log, flow, since ?? now - staleMs, now).longestMs > staleMs / 2);
}

const pairOf = ({ from, to, path }: Flow) => `${from} ${to ?? path}`;

/**
 * Whether the loss budget is kept. Pure. `since`: when a person last decided to go on, or null. A flow of which nothing is known makes it
 * unknown: it is neither good nor lost.
 */
export function judgeLoss(
  histories: readonly FlowHistory[],
  log: Disturbances,
  budget: LossBudget,
  { now, since = null }: { readonly now: number; readonly since?: number | null },
): LossVerdict {
  const settled = since ?? Number.NEGATIVE_INFINITY;
  const trespasses = histories
    .flatMap((history) => trespassOf({ history, log, budget, now, since: settled }) ?? [])
    .toSorted(
      (one, other) =>
        gravest.indexOf(one.kind) - gravest.indexOf(other.kind) ||
        other.gapMs - one.gapMs ||
        pairOf(one.flow).localeCompare(pairOf(other.flow)),
    );
  const unmeasured = silent(histories, log, now);
  const otherwise = unmeasured.length > 0 ? "unknown" : "within";
  return { is: trespasses.length > 0 ? "exceeded" : otherwise, trespasses, unmeasured };
}
