/** How a process is told to end: by a person or a supervisor, or because nobody is left to read it. */
export type Interrupt = "SIGINT" | "SIGTERM" | "SIGHUP" | "nobody-reads";

/** Takes an interrupt upon itself, or answers false: then the process ends as soon as it can. */
export type Taker = (why: Interrupt) => boolean;

/** A terminal's Ctrl-C reaches a child twice where npm or npx hands it on as well: within this time it is one. */
const oneHandMs = 400;

/** What reaches the process from outside. A run takes the first one as a request to pause; everything else ends at once. */
export class Interrupts {
  readonly #ended = new AbortController();
  readonly #lastAt = new Map<Interrupt, number>();
  readonly #now: () => number;
  #taker: Taker = () => false;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Aborted when the process is to end as soon as it can. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Hands interrupts to whoever can do better than to end; what is returned gives them back. */
  takenBy(taker: Taker): () => void {
    this.#taker = taker;
    return () => {
      this.#taker = () => false;
    };
  }

  hear(why: Interrupt): void {
    const now = this.#now();
    const last = this.#lastAt.get(why) ?? Number.NEGATIVE_INFINITY;
    this.#lastAt.set(why, now);
    if (now - last >= oneHandMs && !this.#taker(why)) this.#ended.abort();
  }
}
