import { AdmissionDenied, AdmissionUnavailable, type Passing } from "./errors.ts";
import { canonicalJson } from "./plan/canonical-json.ts";
import { needsPerson, type Reason, reason } from "./reason.ts";

/** What is waited for, and since when: whatever stops the engine is one of these, never silence. */
export interface Hold {
  readonly reason: Reason;
  /** Epoch milliseconds since when. */
  readonly since: number;
}

/** Whether only a person clears what is waited for. */
export const waitsForPerson = (hold: Hold | null): boolean => hold !== null && needsPerson(hold.reason);

/** What everything waits for while the run is paused. */
export const resumeAwaited = reason("run-paused", {}, { clearedBy: "person", actions: ["resume"] });

/** A write that admission refused, or could not be asked about: whose answer, and in which words. */
export function admissionReason(thrown: AdmissionDenied | AdmissionUnavailable): Reason {
  const { by, said } = thrown;
  return reason(thrown instanceof AdmissionDenied ? "admission-denied" : "admission-unavailable", { by, said });
}

/** Why nothing can be decided, or recorded, until it is asked again. */
export function outageReason(thrown: Passing): Reason {
  if (thrown instanceof AdmissionDenied || thrown instanceof AdmissionUnavailable) return admissionReason(thrown);
  if (thrown.reason !== null) return thrown.reason;
  if (thrown.clearedBy !== null) return reason("unavailable", { detail: thrown.message, endedBy: thrown.clearedBy });
  return reason("api-unavailable", { detail: thrown.message });
}

/** Whether both say the same, word for word. */
export const sameReason = (one: Reason | undefined, other: Reason | undefined): boolean =>
  one === other || (one !== undefined && one.code === other?.code && canonicalJson(one) === canonicalJson(other));

/** One outage has a reason for every request that met it: its end is the same. */
const isSameWait = (one: Reason, other: Reason): boolean =>
  sameReason(one, other) || (one.code === "api-unavailable" && other.code === "api-unavailable");

/** Keeps `since` while the reason stays the same, so that the screen can say for how long. */
export function holdFrom(why: Reason, old: Hold | null, now: number): Hold {
  return { reason: why, since: old !== null && isSameWait(old.reason, why) ? old.since : now };
}
