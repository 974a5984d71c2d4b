import { setTimeout as wait } from "node:timers/promises";

/** The clock of everything that waits for an API server, in milliseconds: steady, unlike the wall's, which may be set back. */
export interface LinkTimer {
  /** How many of these milliseconds pass in one of the wall's. */
  readonly speedup: number;
  now(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Aborts after this long. */
  deadline(ms: number): AbortSignal;
}

/** `speedup` divides every wait: a cluster whose own clock runs faster than ours (a lab) is not to be waited for at our pace. */
export function steadyTimer(speedup = 1): LinkTimer {
  return {
    speedup,
    now: () => performance.now() * speedup,
    async sleep(ms, signal) {
      await wait(ms / speedup, undefined, signal === undefined ? {} : { signal }).catch((why: unknown) => {
        throw signal?.reason ?? why;
      });
    },
    deadline: (ms) => AbortSignal.timeout(Math.ceil(ms / speedup)),
  };
}
