import type { Outcome } from "../engine/model/events.ts";
import type { FailureCode } from "../engine/model/reasons/failure-code.ts";

/** Documented in --help and the README: scripts rely on them. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  waiting: 3,
  blocked: 4,
  held: 5,
  interrupted: 130,
} as const;

export const exitCodeHelp: readonly (readonly [number, string])[] = [
  [exitCodes.done, "done"],
  [exitCodes.failed, "failed"],
  [exitCodes.usage, "wrong flags, kubeconfig or values"],
  [exitCodes.waiting, "paused, or waiting for a person"],
  [exitCodes.blocked, "blocked by preflight, or by a record that is not believed or was not agreed to on this machine"],
  [exitCodes.held, "another engine holds the run"],
  [exitCodes.interrupted, "interrupted"],
];

const ofOutcome: Readonly<Record<Outcome, number>> = {
  migrated: exitCodes.done,
  "rolled-back": exitCodes.done,
  paused: exitCodes.waiting,
  waiting: exitCodes.waiting,
  failed: exitCodes.failed,
  blocked: exitCodes.blocked,
  interrupted: exitCodes.interrupted,
  "lock-lost": exitCodes.held,
  released: exitCodes.held,
};

export const exitCodeOf = (outcome: Outcome): number => ofOutcome[outcome];

/** Faults of what was handed to the program are usage; what the cluster says no to is a failure. */
const ofFailure: Readonly<Partial<Record<FailureCode, number>>> = {
  USAGE: exitCodes.usage,
  KUBECONFIG: exitCodes.usage,
  VALUES_REFUSED: exitCodes.usage,
  NO_HELM: exitCodes.blocked,
  NO_SOURCE: exitCodes.blocked,
  BLOCKED: exitCodes.blocked,
  RECORD_NEWER: exitCodes.blocked,
  RECORD_EDITED: exitCodes.blocked,
  RECORD_FOREIGN: exitCodes.blocked,
  NOT_AGREED: exitCodes.blocked,
  RECORD_DAMAGED: exitCodes.blocked,
  LOCK_HELD: exitCodes.held,
  LOCK_LOST: exitCodes.held,
  UNATTENDED: exitCodes.waiting,
};

export const exitCodeOfFailure = (code: FailureCode): number => ofFailure[code] ?? exitCodes.failed;
