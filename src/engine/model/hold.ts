import { AdmissionDenied, AdmissionUnavailable, type Passing } from "./errors.ts";
import type { Waiting } from "./observation.ts";

/** A reason to wait, with what clears it: whatever stops the engine is one of these, never silence. */
export interface Hold {
  /** One clause: "default/db-0 waits: budget db allows 0 of 1 (needs 1 healthy, has 1)". */
  readonly because: string;
  /** The object that blocks (Pod default/db-0), or null when it is not one object. */
  readonly object: string | null;
  /** What clears it: an event in the cluster, or a key. */
  readonly clearedBy: string;
  /** Epoch milliseconds since when. */
  readonly since: number;
  /** True when only a person can clear it. */
  readonly needsPerson: boolean;
}

/** What ends an outage, whatever the single requests met: by these words two of its reasons are known for one. */
const apiAnswering = "the API server answering";

/** What everything waits for while the run is paused. */
export const resumeAwaited = {
  because: "the run to be resumed",
  clearedBy: "P (crossfade resume)",
  needsPerson: true,
} as const;

/** A write that admission refused, or could not be asked about: whose answer, in which words, and what to do when it lasts. */
export function admissionHold(thrown: AdmissionDenied | AdmissionUnavailable): Waiting {
  const { by, said } = thrown;
  if (thrown instanceof AdmissionDenied)
    return {
      done: false,
      because: `a write that was refused: ${said}`,
      clearedBy: `${by} letting it pass`,
      remedy: `see to it that ${by} lets it pass, then retry`,
    };
  return { done: false, because: `a write to be admitted: ${said}`, clearedBy: `${by} answering` };
}

/** Why nothing can be decided, or recorded, until it is asked again. */
export function outageHold(thrown: Passing): Waiting {
  if (thrown instanceof AdmissionDenied || thrown instanceof AdmissionUnavailable) return admissionHold(thrown);
  if (thrown.clearedBy !== null) return { done: false, because: thrown.message, clearedBy: thrown.clearedBy };
  return { done: false, because: `the cluster could not be asked: ${thrown.message}`, clearedBy: apiAnswering };
}

/** Keeps `since` while the reason stays the same, so that the screen can say for how long. */
export function holdFrom(seen: Waiting, old: Hold | null, now: number): Hold {
  const isSame = old?.because === seen.because || (old?.clearedBy === apiAnswering && seen.clearedBy === apiAnswering);
  const since = old !== null && isSame ? old.since : now;
  const { because, clearedBy, object = null, needsPerson = false } = seen;
  return { because, clearedBy, object, since, needsPerson };
}
