import type { NodeState } from "../../engine/model/state.ts";

/** What is unusual of the node itself, and not of the run: somebody cordoned it, or it is not Ready. */
export function standingWords({ seen, life }: NodeState): string {
  if (!seen) return "";
  if (!seen.ready) return "NotReady";
  const ours =
    life.phase === "migrating" || life.phase === "rolling-back" || life.phase === "failed" || life.phase === "deferred";
  return seen.cordoned && !ours ? "cordoned" : "";
}
