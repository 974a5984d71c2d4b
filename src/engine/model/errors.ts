import type { FailureFacts, Reason } from "./reason.ts";

/** What can go wrong in a way that we foresaw; the word is recorded, so it is never renamed. */
export type FailureCode =
  | "USAGE"
  | "KUBECONFIG"
  | "UNREACHABLE"
  | "FORBIDDEN"
  | "NO_HELM"
  | "HELM_FAILED"
  | "VALUES_REFUSED"
  | "NO_SOURCE"
  | "BLOCKED"
  | "DRAIN_REFUSED"
  | "STEP_TIMED_OUT"
  | "VERIFY_FAILED"
  | "TOOK_OVER"
  | "OVERLAY_BROKEN"
  | "REBOOT_FAILED"
  | "AGENT_FAILED"
  | "FOUGHT_OVER"
  | "SOURCE_BACK"
  | "NODE_GONE"
  | "LOCK_LOST"
  | "LOCK_HELD"
  | "UNATTENDED"
  | "RECORD_DAMAGED"
  | "RECORD_NEWER"
  | "RECORD_EDITED"
  | "RECORD_FOREIGN"
  | "JOURNAL_BROKEN"
  | "NOT_AGREED"
  | "PLAN_DRIFTED"
  | "COMMAND_FAILED"
  | "ADMISSION_DENIED"
  | "ROLLBACK_IMPOSSIBLE";

/** A failure as plain data: what is recorded on a node, journalled and shown. */
export interface Failure extends FailureFacts {
  readonly code: FailureCode | "BUG";
}

/** Of a failure what is told with it. */
export const factsOf = ({ message, remedy, waitsFor }: Failure): FailureFacts => ({
  message,
  remedy,
  ...(waitsFor === undefined ? {} : { waitsFor }),
});

interface FailureOptions extends ErrorOptions {
  readonly waitsFor?: Reason;
}

/** A failure we foresaw. Anything else that is thrown is a bug and is shown with its stack. */
export class CrossfadeError extends Error {
  readonly code: FailureCode;
  readonly remedy: string;
  /** What a step waited for when its time was up. */
  readonly waitsFor: Reason | null;

  constructor(code: FailureCode, message: string, remedy: string, options: FailureOptions = {}) {
    super(message, options);
    this.name = "CrossfadeError";
    this.code = code;
    this.remedy = remedy;
    this.waitsFor = options.waitsFor ?? null;
  }
}

/** Whether it says that a record on the cluster cannot be believed. */
export const isRecordTrouble = (thrown: unknown): thrown is CrossfadeError =>
  thrown instanceof CrossfadeError && thrown.code.startsWith("RECORD_");

interface UnavailableOptions extends ErrorOptions {
  readonly clearedBy?: string;
}

/** The cluster could not be asked: retry and keep the last state. Never the same value as "the answer is no". */
export class Unavailable extends Error {
  /** How long the server asked us to wait, in milliseconds, when it did. */
  readonly retryAfterMs: number | null;
  /** What ends it where that is not the API server, which is well; null where it is. */
  readonly clearedBy: string | null;

  constructor(message: string, retryAfterMs: number | null = null, options: UnavailableOptions = {}) {
    super(message, options);
    this.name = "Unavailable";
    this.retryAfterMs = retryAfterMs;
    this.clearedBy = options.clearedBy ?? null;
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
    super("ADMISSION_DENIED", `The cluster refused a write: ${message}`, `see to it that ${by} lets it pass`, options);
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
const longestMessage = 4_000;

/** Turns whatever was thrown into data. */
export function toFailure(thrown: unknown): Failure {
  const failure = failureOf(thrown);
  const { message } = failure;
  return message.length <= longestMessage ? failure : { ...failure, message: `${message.slice(0, longestMessage)}…` };
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof CrossfadeError) {
    const { code, message, remedy, waitsFor } = thrown;
    return { code, message, remedy, ...(waitsFor === null ? {} : { waitsFor }) };
  }
  if (thrown instanceof Unavailable) {
    return {
      code: "UNREACHABLE",
      message: thrown.message,
      remedy: "check the connection to the cluster, then press r to retry",
    };
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { code: "BUG", message, remedy: "this is a bug of crossfade: please report it with the journal" };
}
