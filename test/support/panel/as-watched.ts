import { fold } from "../../../src/engine/model/fold.ts";
import type { MigrationState } from "../../../src/engine/model/state.ts";
import { now, start } from "../a-node.ts";

/** As one who watches sees them: with the lease that the cluster shows. */
export function withLease(state: MigrationState, lease: "held" | "expired" | "free"): MigrationState {
  const holder = lease === "free" ? "" : "ada@bastion/4121";
  return fold(state, { type: "runner-known", at: now, runner: { holder, since: start, lease } });
}

/** Who watches reads no files. */
export function withoutFiles(state: MigrationState): MigrationState {
  const nodes = Object.entries(state.nodes).map(([name, node]) => {
    const plain = node.snapshot && { ...node.snapshot, files: null, filesAt: null };
    const cni = node.state.phase === "migrating" ? "unknown" : (plain?.cni ?? "unknown");
    return [name, { ...node, snapshot: plain && { ...plain, cni } }] as const;
  });
  return { ...state, nodes: Object.fromEntries(nodes) };
}
