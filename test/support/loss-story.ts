import type { Flow, LossVerdict } from "../../src/engine/model/probing/flow.ts";
import {
  type Disturbances,
  type DisturbedNow,
  undisturbed,
  withLook,
} from "../../src/engine/probes/measured/disturbances.ts";
import { afterCount, baselineOf, type FlowHistory, newHistory } from "../../src/engine/probes/measured/flow-history.ts";
import { aFlow, countsOf, type Outcome } from "./a-flow.ts";

/** An hour past some midnight: whole seconds. */
export const start = 1_796_090_400_000;
export const good: Outcome = () => 0.5;

/** Lost from..to, in seconds after the start. */
export const lostIn =
  (...gaps: readonly (readonly [from: number, to: number])[]): Outcome =>
  (at) =>
    gaps.some(([from, to]) => at >= start + from * 1_000 && at < start + to * 1_000) ? null : 0.5;

export const quiet: DisturbedNow = {
  disturbance: { away: new Map(), noApiServer: null, busy: false },
  dnsReady: true,
  replaced: [],
  doing: "",
};
export const moved = (node: string, step: string): DisturbedNow => ({
  ...quiet,
  disturbance: { away: new Map([[node, step]]), noApiServer: null, busy: true },
  doing: `${node}: ${step}`,
});
export const drained = (node: string): DisturbedNow => ({ ...quiet, doing: `${node}: drain` });

/** What the run was at, from so many seconds on. */
export const looks = (...all: readonly (readonly [at: number, now: DisturbedNow])[]): Disturbances =>
  all.reduce((log, [at, now]) => withLook(log, start + at * 1_000, now), undisturbed);

export interface Story {
  readonly flow?: Flow;
  readonly seconds?: number;
  readonly outcome: Outcome;
  readonly before?: Outcome | null;
  readonly log?: Disturbances;
  readonly clockMs?: number;
}

/** Plays the lines of one flow; the baseline is thirty good seconds unless something else is said. */
export function play({
  flow = aFlow(),
  seconds = 60,
  outcome,
  before = good,
  log = undisturbed,
  clockMs = 0,
}: Story): FlowHistory {
  const follow = (history: FlowHistory, begins: number, length: number, of: Outcome) =>
    countsOf(flow, begins, length, of).reduce(
      (known, count, second) =>
        afterCount(known, count, { at: begins + (second + 1) * 1_000 + clockMs, clockMs, stallMs: 0 }, log),
      history,
    );
  const baseline = before === null ? null : baselineOf(follow(newHistory(flow), start - 30_000, 30, before));
  return follow(newHistory(flow, baseline), start, seconds, outcome);
}

export const told = ({ is, trespasses }: LossVerdict) =>
  [is, ...trespasses.map(({ kind, gapMs }) => `${kind} ${gapMs}`)].join(", ");
