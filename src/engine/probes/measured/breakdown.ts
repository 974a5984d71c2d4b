import type { Flow } from "../../model/probing/flow.ts";
import type { ClosedRun, FlowHistory } from "./flow-history.ts";

/** The longest gap that nothing explains. */
export interface LongestGap {
  readonly flow: Flow;
  readonly ms: number;
  readonly since: number;
  readonly during: string;
}

/** What was measured of several flows together. */
export interface FlowSum {
  /** Good, lost and expected: what was measured of the network. */
  readonly sent: number;
  readonly lost: number;
  readonly expected: number;
  readonly stalled: number;
  readonly unknownMs: number;
  readonly longestGap: LongestGap | null;
  /** Mean of late over the flows, and before anything was begun; null where there was no answer. */
  readonly delayMs: number | null;
  readonly delayBeforeMs: number | null;
}

export interface Breakdown {
  readonly total: FlowSum;
  readonly byPath: ReadonlyMap<string, FlowSum>;
  /** By "worker-1 → worker-2"; the other end is the path where it is no node. */
  readonly byPair: ReadonlyMap<string, FlowSum>;
  /** Each flow is in the sums of both of its ends. */
  readonly byNode: ReadonlyMap<string, FlowSum>;
  /** By what the run was at: what was lost then, and the longest gap that began then. */
  readonly byStep: ReadonlyMap<string, { readonly lost: number; readonly longestGap: LongestGap }>;
}

const longer = (one: LongestGap | null, other: LongestGap | null): LongestGap | null =>
  one === null || (other !== null && other.ms > one.ms) ? other : one;

const gapOf = (flow: Flow, run: ClosedRun): LongestGap | null =>
  run.unexplainedMs === 0 ? null : { flow, ms: run.unexplainedMs, since: run.unexplainedSince, during: run.during };

const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** Several flows as one. */
function sumOf(histories: readonly FlowHistory[]): FlowSum {
  const sum = (of: (history: FlowHistory) => number) => histories.reduce((all, history) => all + of(history), 0);
  return {
    sent: sum(({ good, lost, expected }) => good + lost + expected),
    lost: sum(({ lost }) => lost),
    expected: sum(({ expected }) => expected),
    stalled: sum(({ stalled }) => stalled),
    unknownMs: sum(({ unknownMs }) => unknownMs),
    longestGap: histories.flatMap(({ flow, closed }) => closed.map((run) => gapOf(flow, run))).reduce(longer, null),
    delayMs: meanOf(histories.map(({ delayMs }) => delayMs)),
    delayBeforeMs: meanOf(histories.map(({ baseline }) => baseline?.delayMs ?? null)),
  };
}

function sumsBy(histories: readonly FlowHistory[], keysOf: (flow: Flow) => readonly string[]) {
  const groups = new Map<string, FlowHistory[]>();
  for (const history of histories)
    for (const key of keysOf(history.flow)) {
      const group = groups.get(key);
      if (group) group.push(history);
      else groups.set(key, [history]);
    }
  return new Map([...groups].map(([key, group]) => [key, sumOf(group)]));
}

function sumsByStep(histories: readonly FlowHistory[]): Breakdown["byStep"] {
  const steps = new Map<string, { lost: number; longestGap: LongestGap }>();
  for (const { flow, closed } of histories)
    for (const run of closed) {
      const gap = gapOf(flow, run);
      if (gap === null) continue;
      const known = steps.get(run.during);
      steps.set(run.during, {
        lost: (known?.lost ?? 0) + run.unexplainedLost,
        longestGap: longer(known?.longestGap ?? null, gap) ?? gap,
      });
    }
  return steps;
}

/** All that was measured, by path, pair, node and step. Pure. */
export function breakdownOf(histories: readonly FlowHistory[]): Breakdown {
  return {
    total: sumOf(histories),
    byPath: sumsBy(histories, ({ path }) => [path]),
    byPair: sumsBy(histories, ({ from, to, path }) => [`${from} → ${to ?? path}`]),
    byNode: sumsBy(histories, ({ from, to }) => (to === null || to === from ? [from] : [from, to])),
    byStep: sumsByStep(histories),
  };
}
