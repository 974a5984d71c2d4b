import { Unavailable } from "../../engine/model/errors.ts";
import type { LockState } from "../../engine/model/ports/lock.ts";
import type { Ports } from "../../engine/model/ports/ports.ts";
import { CommandError } from "../command-error.ts";

/** Between two looks when no change wakes us. */
const lookEveryMs = 1_000;

export interface Waiting {
  readonly signal: AbortSignal;
  /** For ever where it is not given. */
  readonly atMostMs?: number;
  /** Told at first, and whenever somebody else has it. */
  readonly onHeld?: (held: LockState) => void;
}

/** Resolves once nobody holds the run any more: with the version of a lease that expired before our eyes, or null. */
export async function whenFree(
  { lock, changes }: Pick<Ports, "lock" | "changes">,
  { signal, atMostMs = Number.POSITIVE_INFINITY, onHeld }: Waiting,
): Promise<string | null> {
  const began = performance.now();
  let told = "";
  for (;;) {
    const held = await lock.watched().catch(borne);
    if (held === null) return null;
    if (held !== undefined) {
      if (held.expired) return held.version;
      if (told !== held.holder) onHeld?.(held);
      told = held.holder;
    }
    if (performance.now() - began > atMostMs) {
      throw new CommandError("LOCK_HELD", `${told} still has the run`, "crossfade status says who has it");
    }
    await changes.next(lookEveryMs, signal);
  }
}

/** While the cluster cannot be asked nobody knows who has the run. */
function borne(thrown: unknown): undefined {
  if (!(thrown instanceof Unavailable)) throw thrown;
}
