import type { EngineEvent } from "../../src/engine/model/events.ts";
import { reason } from "../../src/engine/model/reason.ts";

const why = "no answer from https://10.0.0.1:6443: connect ECONNREFUSED 10.0.0.1:6443";

/** Nothing answers: the run stands still, and what is seen is what was last known. */
export function noAnswerSince(since: number): readonly EngineEvent[] {
  const hold = { reason: reason("api-unavailable", { detail: why }), since: since + 4_000 };
  return [
    { type: "run-held", at: since + 4_000, hold },
    { type: "link-changed", at: since + 14_000, link: { state: "stale", since, detail: why } },
  ];
}
