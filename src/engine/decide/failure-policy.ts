import type { NodeLife, PolicyRollback } from "../model/node-state.ts";
import type { MigrationState, NodeState } from "../model/state.ts";

const policyRollbackOf = ({ life }: NodeState): PolicyRollback | undefined =>
  "policyRollback" in life ? life.policyRollback : undefined;

export interface LeftOut extends PolicyRollback {
  readonly node: string;
}

/** Nodes that failed and that the plan's policy had taken back, or has set aside to be taken back, in the run's order. */
export function policyRollback(state: MigrationState): readonly LeftOut[] {
  return state.order.flatMap((node) => {
    const known = state.nodes[node];
    const why = known && policyRollbackOf(known);
    return why && (known.life.phase === "rolled-back" || known.life.phase === "deferred") ? [{ node, ...why }] : [];
  });
}

/** Whether the run may go on while this node, which is being taken back, is not Ready: a person had it so, or the policy. */
export function goesOnWithout(
  state: MigrationState,
  { policyRollback: why }: Extract<NodeLife, { phase: "rolling-back" }>,
): boolean {
  if (state.direction === "back" || why === undefined) return true;
  const options = state.plan?.options;
  return options?.onNodeFailure === "skip" && policyRollback(state).length < options.maxFailures;
}

/** The node for which the run stops although it was taken back: any at "rollback", the one too many at "skip". */
export function oneTooMany(state: MigrationState): LeftOut | null {
  const options = state.plan?.options;
  const out = policyRollback(state);
  const allowed = options?.onNodeFailure === "skip" ? options.maxFailures : 0;
  const restored = out.filter(({ node }) => state.nodes[node]?.life.phase === "rolled-back");
  return out.length > allowed ? (restored.at(-1) ?? null) : null;
}
