import type { NodeState } from "../model/node-state.ts";
import { isSafeToPause } from "../model/safe-to-pause.ts";
import type { MigrationState, RunNode } from "../model/state.ts";

/** The run's nodes in these phases, in its order. */
export const nodesIn = (state: MigrationState, ...phases: readonly NodeState["phase"][]): readonly RunNode[] =>
  state.order.flatMap((name) => {
    const node = state.nodes[name];
    return node && phases.includes(node.state.phase) ? [node] : [];
  });

/** One node is worked on at a time: the first that has begun and not ended. */
export const nodeInHand = (state: MigrationState): RunNode | null =>
  nodesIn(state, "migrating", "rolling-back")[0] ?? null;

/** Where a pause takes hold: null when that is at once. Safe is where a node is wholly on one network and nothing runs. */
export function safePoint(state: MigrationState): string | null {
  const node = nodeInHand(state);
  if (node?.state.phase === "migrating" && !isSafeToPause(node.state.step, state.plan))
    return `after ${node.name} is moved and uncordoned`;
  if (node?.state.phase === "rolling-back") return `after ${node.name} is rolled back`;
  return null;
}
