import type { NodeLife, TakenBack } from "../model/node-state.ts";
import type { MigrationState, NodeState } from "../model/state.ts";

const takenBackOf = ({ life }: NodeState): TakenBack | undefined => ("takenBack" in life ? life.takenBack : undefined);

export interface LeftOut extends TakenBack {
  readonly node: string;
}

/** Nodes that failed and that the plan's policy had taken back, or has set aside to be taken back, in the run's order. */
export function takenBack(state: MigrationState): readonly LeftOut[] {
  return state.order.flatMap((node) => {
    const known = state.nodes[node];
    const why = known && takenBackOf(known);
    return why && (known.life.phase === "restored" || known.life.phase === "aside") ? [{ node, ...why }] : [];
  });
}

/** Whether the run may go on while this node, which is being taken back, is not Ready: a person had it so, or the policy. */
export function goesOnWithout(
  state: MigrationState,
  { takenBack: why }: Extract<NodeLife, { phase: "undoing" }>,
): boolean {
  if (state.direction === "back" || why === undefined) return true;
  const options = state.plan?.options;
  return options?.onNodeFailure === "skip" && takenBack(state).length < options.maxFailures;
}

/** The node for which the run stops although it was taken back: any at "undo", the one too many at "skip". */
export function oneTooMany(state: MigrationState): LeftOut | null {
  const options = state.plan?.options;
  const out = takenBack(state);
  const allowed = options?.onNodeFailure === "skip" ? options.maxFailures : 0;
  const restored = out.filter(({ node }) => state.nodes[node]?.life.phase === "restored");
  return out.length > allowed ? (restored.at(-1) ?? null) : null;
}
