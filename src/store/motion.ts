import type { MigrationState, RunNode } from "../engine/model/state.ts";
import type { PanelState } from "./panel-state.ts";

type Seen = Pick<PanelState, "run" | "closed" | "watching">;

/** An engine holds the run and goes on with it; what it left in hand otherwise stands. */
export const engineAtWork = ({ run, closed, watching }: Seen): boolean =>
  run.outcome === null && closed === null && (!watching || run.runner?.lease === "held");

/** The node is in hand and worked on: on a paused run only one that is taken back is. */
export function nodeAtWork(state: Seen, { state: nodeState }: RunNode): boolean {
  if (!engineAtWork(state)) return false;
  return nodeState.phase === "rolling-back" || (nodeState.phase === "migrating" && state.run.pace !== "paused");
}

export const inHand = ({ state }: RunNode): boolean => state.phase === "migrating" || state.phase === "rolling-back";

export function nodesWhere(run: MigrationState, fits: (node: RunNode) => boolean): readonly RunNode[] {
  return run.order.flatMap((name) => {
    const node = run.nodes[name];
    return node && fits(node) ? [node] : [];
  });
}
