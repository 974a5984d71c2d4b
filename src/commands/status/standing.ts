import type { LockState } from "../../engine/model/ports/lock.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import type { NodeRecord, RunRecord } from "../../engine/model/ports/records.ts";

/** All that the cluster records of a run. */
export interface RunStanding {
  readonly record: RunRecord | null;
  readonly nodeRecords: Readonly<Record<string, NodeRecord>>;
  readonly lock: LockState | null;
}

export async function standing({ records, lock }: Pick<Ports, "records" | "lock">): Promise<RunStanding> {
  return { record: await records.run(), nodeRecords: await records.nodeRecords(), lock: await lock.state() };
}

const isInHand = ({ state }: NodeRecord): boolean => state.phase === "migrating" || state.phase === "rolling-back";

/** In a clause: what an engine that is gone left in hand. */
export function whereItStands({ nodeRecords }: RunStanding): string {
  const [name, record] = Object.entries(nodeRecords).find(([, one]) => isInHand(one)) ?? [];
  if (record && "step" in record.state) return `${name} stands in the middle of its move, at ${record.state.step}`;
  const deferred = Object.entries(nodeRecords).flatMap(([one, { state }]) => (state.phase === "deferred" ? [one] : []));
  return deferred.length === 0
    ? "no node is in the middle of a move"
    : `${deferred.join(", ")} is not Ready: its rollback is deferred until it is`;
}
