import type { Consent } from "../plan-types.ts";

/** One thing that a record decides and that no look at the cluster would, in a few words. */
export interface RecordedTerm {
  readonly name: string;
  readonly text: string;
}

export interface RecordedConsent {
  readonly consent: Consent;
  readonly by: string;
  readonly at: number;
}

/** A recorded run that this machine has not agreed to, or not to all of it: what a person has to read. */
export interface AskedAgreement {
  /** Of what the plan says, made on this machine. */
  readonly hash: string;
  readonly startedAt: number;
  /** False where the plan was agreed to here, and only some consent was not. */
  readonly isNew: boolean;
  /** Consents on record that were not given on this machine. */
  readonly consents: readonly RecordedConsent[];
  readonly terms: readonly RecordedTerm[];
}
