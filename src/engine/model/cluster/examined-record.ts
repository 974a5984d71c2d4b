import type { Failure } from "../reason.ts";

/** One record of ours, looked at without believing it. */
export interface ExaminedRecord {
  /** Null is the run's own record. */
  readonly node: string | null;
  readonly place: string;
  /** Null where it can be believed. */
  readonly failure: Failure | null;
  /** The fields that were edited by hand and may be, with what they say now. */
  readonly edited: Readonly<Record<string, unknown>>;
  /** Whether it can be sealed anew as it is now. */
  readonly acceptable: boolean;
}
