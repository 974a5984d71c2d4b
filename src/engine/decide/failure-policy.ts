import type { NodeState, PolicyRollback } from "../model/node-state.ts";
import type { MigrationState, RunNode } from "../model/state.ts";

const policyRollbackOf = ({ state }: RunNode): PolicyRollback | undefined =>
  "policyRollback" in state ? state.policyRollback : undefined;

export interface LeftOut extends PolicyRollback {
  readonly node: string;
}

/** Nodes that failed and that the plan's policy had taken back, or has set aside to be taken back, in the run's order. */
export function policyRollback(state: MigrationState): readonly LeftOut[] {
  return state.order.flatMap((node) => {
    const known = state.nodes[node];
    const why = known && policyRollbackOf(known);
    return why && (known.state.phase === "rolled-back" || known.state.phase === "deferred") ? [{ node, ...why }] : [];
  });
}

/** Whether the run may go on while this node, which is being taken back, is not Ready: a person had it so, or the policy. */
export function goesOnWithout(
  state: MigrationState,
  { policyRollback: why }: Extract<NodeState, { phase: "rolling-back" }>,
): boolean {
  if (state.direction === "rollback" || why === undefined) return true;
  const options = state.plan?.options;
  return options?.onNodeFailure === "skip" && policyRollback(state).length < options.maxFailures;
}

/** The node for which the run stops although it was taken back: any at "rollback", the one too many at "skip". */
export function oneTooMany(state: MigrationState): LeftOut | null {
  const options = state.plan?.options;
  const out = policyRollback(state);
  const allowed = options?.onNodeFailure === "skip" ? options.maxFailures : 0;
  const restored = out.filter(({ node }) => state.nodes[node]?.state.phase === "rolled-back");
  return out.length > allowed ? (restored.at(-1) ?? null) : null;
}
