import type { LinkTimer } from "../client/link-timer.ts";

/** Waits of a watch, in milliseconds; tests shorten them. */
export interface WatchTimings {
  /** Without a byte for this long the watch counts as dead; bookmarks come every 60 s. */
  readonly idleMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Between looks at a resource that is not served (a CRD to come) or refused. */
  readonly absentMs: number;
  /** How long one answer's head or one page may take. */
  readonly answerMs: number;
  /** After an outage, and before a new list, a watch waits up to so long: many come back one by one. */
  readonly spreadMs: number;
}

export const usualTimings: WatchTimings = {
  idleMs: 90_000 + Math.random() * 30_000,
  firstRetryMs: 800,
  longestRetryMs: 30_000,
  absentMs: 15_000,
  answerMs: 60_000,
  spreadMs: 2_000,
};

export interface WatchPace {
  readonly timings?: WatchTimings;
  readonly timer?: LinkTimer;
}

/** Aborts when nothing was heard for this long; `heard` starts the time anew. */
export class Watchdog {
  readonly #timer: LinkTimer;
  readonly #silent = new AbortController();
  readonly #over = new AbortController();
  #heardAt: number;

  constructor(timer: LinkTimer, idleMs: number) {
    this.#timer = timer;
    this.#heardAt = timer.now();
    void this.#guard(idleMs);
  }

  get signal(): AbortSignal {
    return this.#silent.signal;
  }

  heard(): void {
    this.#heardAt = this.#timer.now();
  }

  stop(): void {
    this.#over.abort();
  }

  async #guard(idleMs: number): Promise<void> {
    while (!this.#over.signal.aborted) {
      const leftMs = this.#heardAt + idleMs - this.#timer.now();
      if (leftMs <= 0) return this.#silent.abort(new Error("the watch went silent"));
      await this.#timer.sleep(leftMs, this.#over.signal).catch(() => undefined);
    }
  }
}
