import type { LockState } from "../../engine/model/ports/lock.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import type { LifeRecord, RunRecord } from "../../engine/model/ports/records.ts";

/** All that the cluster records of a run. */
export interface RunStanding {
  readonly record: RunRecord | null;
  readonly lives: Readonly<Record<string, LifeRecord>>;
  readonly lock: LockState | null;
}

export async function standing({ records, lock }: Pick<Ports, "records" | "lock">): Promise<RunStanding> {
  return { record: await records.run(), lives: await records.lives(), lock: await lock.state() };
}

const isInHand = ({ life }: LifeRecord): boolean => life.phase === "migrating" || life.phase === "rolling-back";

/** In a clause: what an engine that is gone left in hand. */
export function whereItStands({ lives }: RunStanding): string {
  const [name, record] = Object.entries(lives).find(([, one]) => isInHand(one)) ?? [];
  if (record && "step" in record.life) return `${name} stands in the middle of its move, at ${record.life.step}`;
  const aside = Object.entries(lives).flatMap(([one, { life }]) => (life.phase === "deferred" ? [one] : []));
  return aside.length === 0
    ? "no node is in the middle of a move"
    : `${aside.join(", ")} is not Ready: its rollback is deferred until it is`;
}
