import { type Failure, type Reason, reason } from "./reason.ts";
import type { FailureCode } from "./reasons/failure-code.ts";
import { shortened, textsOf } from "./reasons/short-reason.ts";

/**
 * A failure we foresaw. Anything else that is thrown is a bug and is shown with its stack. Its message is for stacks alone:
 * a person reads what src/words makes of the reason.
 */
export class CrossfadeError extends Error {
  readonly code: FailureCode;
  readonly reason: Reason;

  constructor(code: FailureCode, why: Reason, options?: ErrorOptions) {
    super(`${why.code} ${JSON.stringify(why.params)}`, options);
    this.name = "CrossfadeError";
    this.code = code;
    this.reason = why;
  }
}

/** What was thrown, where there is no room for a sentence: a code, and others' words. */
export function inBrief(thrown: unknown): string {
  if (thrown instanceof CrossfadeError) return `${thrown.reason.code}: ${textsOf(thrown.reason)}`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Whether it says that a record on the cluster cannot be believed. */
export const isRecordTrouble = (thrown: unknown): thrown is CrossfadeError =>
  thrown instanceof CrossfadeError && thrown.code.startsWith("RECORD_");

interface UnavailableOptions extends ErrorOptions {
  readonly clearedBy?: string;
  readonly reason?: Reason;
}

/** The cluster could not be asked: retry and keep the last state. Never the same value as "the answer is no". */
export class Unavailable extends Error {
  /** How long the server asked us to wait, in milliseconds, when it did. */
  readonly retryAfterMs: number | null;
  /** What ends it where that is not the API server, which is well; null where it is. */
  readonly clearedBy: string | null;
  /** Why, where that has a code of its own. */
  readonly reason: Reason | null;

  constructor(message: string, retryAfterMs: number | null = null, options: UnavailableOptions = {}) {
    super(message, options);
    this.name = "Unavailable";
    this.retryAfterMs = retryAfterMs;
    this.clearedBy = options.clearedBy ?? null;
    this.reason = options.reason ?? null;
  }
}

/** What admission answers a write with, in the words of whoever refused it. */
export interface AdmissionRefusal {
  /** Whose answer it is: admission webhook "NAME", ValidatingAdmissionPolicy NAME, … */
  readonly by: string;
  readonly message: string;
}

/** Admission refused a write: an answer, and no outage. A step holds on it, with its time running, and asks again. */
export class AdmissionDenied extends CrossfadeError {
  readonly by: string;
  readonly said: string;

  constructor({ by, message }: AdmissionRefusal, options?: ErrorOptions) {
    super("ADMISSION_DENIED", reason("write-denied", { by, said: message }), options);
    this.name = "AdmissionDenied";
    this.by = by;
    this.said = message;
  }
}

/** A webhook that must be asked about a write does not answer: the API server is well, and the write waits. */
export class AdmissionUnavailable extends Unavailable {
  readonly by: string;
  readonly said: string;

  constructor({ by, message }: AdmissionRefusal, options?: ErrorOptions) {
    super(message, null, options);
    this.name = "AdmissionUnavailable";
    this.by = by;
    this.said = message;
  }
}

/** What may be otherwise when it is asked again. */
export type Passing = Unavailable | AdmissionDenied;

export const isPassing = (thrown: unknown): thrown is Passing =>
  thrown instanceof Unavailable || thrown instanceof AdmissionDenied;

/** What others say of a failure is recorded, journalled and shown: it is a sentence, and no book. */
const longestText = 6_000;

/** Turns whatever was thrown into data. */
export const toFailure = (thrown: unknown): Failure => {
  const { code, reason: why } = failureOf(thrown);
  return { code, reason: shortened(why, longestText) };
};

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CrossfadeError) return { code: thrown.code, reason: thrown.reason };
  if (thrown instanceof Unavailable)
    return { code: "UNREACHABLE", reason: reason("cluster-unreachable", { detail: thrown.message }) };
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: "BUG", reason: reason("bug", { stack }) };
}
