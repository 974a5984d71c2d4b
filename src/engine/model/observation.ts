/** What a look at the cluster says of a step: done, or what it waits for. */
export type Observation =
  | { readonly done: true; readonly note?: string }
  | {
      readonly done: false;
      /** What to do when the step's time is up in waiting for this; else waiting on and undoing are offered. */
      readonly remedy?: string;
      /** One clause: what is waited for. */
      readonly because: string;
      readonly clearedBy: string;
      readonly object?: string;
      /** Only a person can clear it: the step's time does not run. */
      readonly needsPerson?: boolean;
      /** When time alone clears it: how long that takes, so that nobody oversleeps. */
      readonly dueInMs?: number;
    };

export const done: Observation = { done: true };

export type Waiting = Exclude<Observation, { readonly done: true }>;

export function waiting(because: string, clearedBy: string, object?: string): Waiting {
  return object === undefined ? { done: false, because, clearedBy } : { done: false, because, clearedBy, object };
}

/** No watch tells when traffic passes or a file is there: such a thing is asked for more often than the tick of the run. */
const askedAgainMs = 500;

/** Waits for what only asking again can tell. */
export function askingAgain(because: string, clearedBy: string, object?: string): Waiting {
  return { ...waiting(because, clearedBy, object), dueInMs: askedAgainMs };
}
