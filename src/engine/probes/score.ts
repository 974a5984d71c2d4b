import { type PathScore, type ProbePath, probePaths } from "../model/events.ts";
import type { PathSample } from "../model/ports/prober.ts";

const unscored = (path: ProbePath): PathScore => ({
  path,
  sent: 0,
  lost: 0,
  expected: 0,
  unknown: 0,
  longestGapMs: 0,
  lastOkAt: null,
  lastError: "",
  lastErrorBetween: "",
  notMeasured: "",
});

/** With the time since the same pair of ends last answered, where that is known. */
function scored(score: PathScore, { at, between, answer, expected }: PathSample, gapMs: number): PathScore {
  if (answer.result === "unknown") return { ...score, unknown: score.unknown + 1, notMeasured: answer.why };
  const measured = { ...score, sent: score.sent + 1, notMeasured: "" };
  if (answer.result === "good") return { ...measured, lastOkAt: at, longestGapMs: Math.max(score.longestGapMs, gapMs) };
  if (expected !== undefined) return { ...measured, expected: score.expected + 1 };
  return {
    ...measured,
    lost: score.lost + 1,
    longestGapMs: Math.max(score.longestGapMs, gapMs),
    lastError: answer.error,
    lastErrorBetween: between,
  };
}

/** The summary after one more sample. `gapMs`: since when its pair of ends has been without an answer, 0 where it is not. */
export function score(scores: readonly PathScore[], sample: PathSample, gapMs = 0): readonly PathScore[] {
  const known = new Map(scores.map((one) => [one.path, one]));
  known.set(sample.path, scored(known.get(sample.path) ?? unscored(sample.path), sample, gapMs));
  return probePaths.flatMap((path) => known.get(path) ?? []);
}
