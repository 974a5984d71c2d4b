import { randomUUID } from "node:crypto";
import type { RemoteAnswer, RemoteRequest } from "../engine/model/ports/observers.ts";
import type { Ports } from "../engine/model/ports/ports.ts";

/** Between two looks at the cache when no change wakes us. */
const lookEveryMs = 500;

export interface Asking {
  readonly ask: RemoteRequest["ask"];
  /** user@host */
  readonly by: string;
  /** How long an answer is waited for. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** Asks the runner through the cluster, wherever it is; null when it did not answer in time. */
export async function askRunner(
  { observers, changes }: Pick<Ports, "observers" | "changes">,
  { ask, by, waitMs, signal }: Asking,
): Promise<RemoteAnswer | null> {
  const id = randomUUID();
  // The watch is there before the request is, so that the answer cannot be missed.
  await observers.answerTo(id);
  await observers.post({ id, ask, by, at: Date.now() });
  const askedAt = performance.now();
  while (performance.now() - askedAt < waitMs) {
    const answer = await observers.answerTo(id);
    if (answer !== null) return answer;
    await changes.next(lookEveryMs, signal);
  }
  return null;
}
