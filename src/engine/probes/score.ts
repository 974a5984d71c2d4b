import type { PathScore, ProbePath } from "../events.ts";
import type { PathSample } from "../ports.ts";

/** Order in which the paths are listed everywhere. */
export const probePaths: readonly ProbePath[] = [
  "source-to-source",
  "source-to-cilium",
  "cilium-to-source",
  "cilium-to-cilium",
  "dns",
  "api-service",
];

const unscored = (path: ProbePath): PathScore => ({
  path,
  sent: 0,
  lost: 0,
  longestGapMs: 0,
  lastOkAt: null,
  lastError: "",
  lastErrorBetween: "",
});

function scored(score: PathScore, { at, between, answer }: PathSample): PathScore {
  const sent = score.sent + 1;
  if (answer.ok) return { ...score, sent, lastOkAt: at };
  const gap = score.lastOkAt === null ? 0 : at - score.lastOkAt;
  return {
    ...score,
    sent,
    lost: score.lost + 1,
    longestGapMs: Math.max(score.longestGapMs, gap),
    lastError: answer.error,
    lastErrorBetween: between,
  };
}

/** The summary after one more sample. A sample that could not be sent never comes here: it says nothing of the network. */
export function score(scores: readonly PathScore[], sample: PathSample): readonly PathScore[] {
  const known = new Map(scores.map((one) => [one.path, one]));
  known.set(sample.path, scored(known.get(sample.path) ?? unscored(sample.path), sample));
  return probePaths.flatMap((path) => known.get(path) ?? []);
}
