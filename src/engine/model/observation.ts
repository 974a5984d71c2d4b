import { type Code, type ParamsOf, type Reason, type Rest, reason } from "./reason.ts";

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

/** Waits for what has a code. */
export const waiting = <C extends Code>(code: C, params: ParamsOf[C], rest?: Rest): Waiting =>
  waitingFor(reason(code, params, rest) as Reason);

/** No watch tells when traffic passes or a file is there: such a thing is asked for more often than the pass of the run. */
const askedAgainMs = 500;

/** Waits for what only asking again can tell. */
export const askingAgain = (wait: Waiting): Waiting => ({ ...wait, dueInMs: askedAgainMs });
