import type { PathScore } from "../../../src/engine/model/events.ts";
import { now } from "../a-node.ts";

const score = (path: PathScore["path"], sent: number, lost = 0): PathScore => ({
  path,
  sent,
  lost,
  expected: 0,
  unknown: 0,
  longestGapMs: lost > 0 ? lost * 200 : 0,
  lastOkAt: now - 200,
  lastError: lost > 0 ? "timed out" : "",
  lastErrorBetween: lost > 0 ? "worker-2 → worker-5" : "",
  notMeasured: "",
});

/** What was sampled of each path in the runs of the states. */
export const scores: readonly PathScore[] = [
  score("source-to-source", 3612),
  score("source-to-cilium", 2190, 2),
  score("cilium-to-source", 2190),
  score("cilium-to-cilium", 1204),
  score("dns", 3600),
  score("api-service", 3598),
];
