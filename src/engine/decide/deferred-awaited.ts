import { named, reason } from "../model/reason.ts";
import type { MigrationState } from "../model/state.ts";
import { type Act, wait } from "./act.ts";
import { nodesIn } from "./nodes-of-run.ts";

/** Deferred nodes must be back before the run can end. */
export function deferredAwaited(state: MigrationState): Act | null {
  const nodes = nodesIn(state, "deferred").map(({ name }) => name);
  return nodes.length === 0 ? null : wait(reason("nodes-deferred", named(nodes), { clearedBy: "person" }));
}
