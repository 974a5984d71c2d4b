import type { PodFacts } from "../model/facts.ts";
import { counted } from "../model/some-of.ts";

type Crashing = Pick<PodFacts, "restarts" | "lastFailure" | "failedAt">;

/** What had happened to a pod before it is waited for, and so is no reason for what it does now. */
export interface Bygone {
  /** Restarts that are explained: those until then, and the one that a reboot is. */
  readonly restarts?: number;
  /** Whatever ended before this time, as a rule that of a reboot that we asked for. */
  readonly until?: number;
}

export const restartsInWords = (restarts: number): string => counted(restarts, "restart");

/** How often a pod's containers ended badly by themselves, and how last; "" where they did not. */
export function crashWords({ restarts, lastFailure, failedAt }: Crashing, bygone: Bygone = {}): string {
  const own = restarts - (bygone.restarts ?? 0);
  const isBygone = failedAt !== null && bygone.until !== undefined && failedAt <= bygone.until;
  if (lastFailure === "" || isBygone || (own <= 0 && bygone.restarts !== undefined)) return "";
  // One that has just ended for the first time was not started again yet.
  return own > 0 ? `${restartsInWords(own)}, ${lastFailure}` : lastFailure;
}
