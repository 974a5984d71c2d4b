import type { PodFacts } from "../model/facts.ts";

type Crashing = Pick<PodFacts, "restarts" | "lastFailure" | "failedAt">;

/** What had happened to a pod before it is waited for, and so is no reason for what it does now. */
export interface Bygone {
  /** Restarts that are explained: those until then, and the one that a reboot is. */
  readonly restarts?: number;
  /** Whatever ended before this time, as a rule that of a reboot that we asked for. */
  readonly until?: number;
}

/** How often a pod's containers ended badly by themselves, and how last; "" where they did not. */
export interface Crashes {
  readonly restarts: number;
  readonly lastFailure: string;
}

/** Crashes of a pod that nothing else explains. One that has just ended for the first time was not started again yet. */
export function ownCrashes({ restarts, lastFailure, failedAt }: Crashing, bygone: Bygone = {}): Crashes {
  const own = restarts - (bygone.restarts ?? 0);
  const isBygone = failedAt !== null && bygone.until !== undefined && failedAt <= bygone.until;
  if (lastFailure === "" || isBygone || (own <= 0 && bygone.restarts !== undefined))
    return { restarts: 0, lastFailure: "" };
  return { restarts: Math.max(0, own), lastFailure };
}
