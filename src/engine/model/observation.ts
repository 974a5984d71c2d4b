import { objectOf, type Reason, reason } from "./reason.ts";

/** What a look at the cluster says of a step: done, or what it waits for. */
export type Observation =
  | { readonly done: true; readonly note?: string }
  | {
      readonly done: false;
      readonly reason: Reason;
      /** When time alone clears it: how long that takes, so that nobody oversleeps. */
      readonly dueInMs?: number;
    };

export const done: Observation = { done: true };

export type Waiting = Exclude<Observation, { readonly done: true }>;

export const waitingFor = (why: Reason): Waiting => ({ done: false, reason: why });

/** A wait that is still a clause of its own; `remedy` is what to do when the step's time is up in waiting for it. */
export function waiting(because: string, clearedBy: string, object?: string, remedy: string | null = null): Waiting {
  const rest = object === undefined ? {} : { object: objectOf(object) };
  return waitingFor(reason("step-waits", { because, clearedBy, remedy }, rest));
}

/** No watch tells when traffic passes or a file is there: such a thing is asked for more often than the pass of the run. */
const askedAgainMs = 500;

/** Waits for what only asking again can tell. */
export function askingAgain(because: string, clearedBy: string, object?: string): Waiting {
  return { ...waiting(because, clearedBy, object), dueInMs: askedAgainMs };
}
