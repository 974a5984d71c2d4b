import type { RunNode } from "../../engine/model/state.ts";

/** What is unusual of the node itself, and not of the run: somebody cordoned it, or it is not Ready. */
export function standingWords({ snapshot, state }: RunNode): string {
  if (!snapshot) return "";
  if (!snapshot.ready) return "NotReady";
  const ours =
    state.phase === "migrating" ||
    state.phase === "rolling-back" ||
    state.phase === "failed" ||
    state.phase === "deferred";
  return snapshot.cordoned && !ours ? "cordoned" : "";
}
