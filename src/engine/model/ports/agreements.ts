import type { Consent, Plan } from "../plan-types.ts";
import type { RunRecord } from "./records.ts";

/** What of a recorded run was agreed to on this machine. */
export interface Agreement {
  readonly consents: readonly Consent[];
  /** Who agreed here, and when, in epoch milliseconds. */
  readonly by: string;
  readonly at: number;
}

/**
 * What was agreed to on this machine, kept on this machine and never read from a cluster. A run is told by the content of
 * its plan, whatever hash the record bears, and by when it began: an old agreement is none to a run that begins anew.
 */
export interface Agreements {
  /** Null where this machine never agreed to that run. */
  of(run: AgreedRun): Agreement | null;
  /** The hash of what the plan says, made here. */
  hashOf(plan: Plan): string;
  /** Adds consents to what is agreed to; null once it is on disk, else why it is not. */
  agree(run: AgreedRun, consents: readonly Consent[], by: string, at: number): string | null;
  /** The run is over: taking it up again would have to be agreed to anew. */
  forget(run: AgreedRun): void;
}

export type AgreedRun = Pick<RunRecord, "plan" | "startedAt">;
