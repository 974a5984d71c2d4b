import type { MigrationState, NodeState } from "../engine/model/state.ts";
import type { PanelState } from "./panel-state.ts";

type Seen = Pick<PanelState, "run" | "closed" | "watching">;

/** An engine holds the run and goes on with it; what it left in hand otherwise stands. */
export const engineAtWork = ({ run, closed, watching }: Seen): boolean =>
  run.outcome === null && closed === null && (!watching || run.runner?.lease === "held");

/** The node is in hand and worked on: on a paused run only one that is taken back is. */
export function nodeAtWork(state: Seen, { life }: NodeState): boolean {
  if (!engineAtWork(state)) return false;
  return life.phase === "rolling-back" || (life.phase === "migrating" && state.run.pace !== "paused");
}

export const inHand = ({ life }: NodeState): boolean => life.phase === "migrating" || life.phase === "rolling-back";

export function nodesWhere(run: MigrationState, fits: (node: NodeState) => boolean): readonly NodeState[] {
  return run.order.flatMap((name) => {
    const node = run.nodes[name];
    return node && fits(node) ? [node] : [];
  });
}
