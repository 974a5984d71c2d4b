/** Undoes a timer; safe to call twice. */
export type Cancel = () => void;

/** The lab's own time: everything in the lab that waits, waits here. */
export interface LabClock {
  /** Epoch milliseconds of lab time. */
  now(): number;
  /** Calls back once, `ms` of lab time from now. */
  after(ms: number, then: () => void): Cancel;
  /** Calls back every `ms` of lab time until cancelled. */
  every(ms: number, then: () => void): Cancel;
}

/** Resolves after `ms` of lab time, or at once when the signal is aborted. */
export function pause(clock: LabClock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      cancel();
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal?.addEventListener("abort", finish, { once: true });
  });
}

/** Lab time that runs `speed` times as fast as the wall's. */
export class ScaledClock implements LabClock {
  readonly #speed: number;
  readonly #start = Date.now();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(speed = 1) {
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#start + (Date.now() - this.#start) * this.#speed);
  }

  after(ms: number, then: () => void): Cancel {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms / this.#speed);
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }

  every(ms: number, then: () => void): Cancel {
    const timer = setInterval(then, ms / this.#speed);
    this.#timers.add(timer);
    return () => {
      clearInterval(timer);
      this.#timers.delete(timer);
    };
  }

  /** Ends all timers, so that the process can. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

interface VirtualTimer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** Lab time that stands still until it is told to move: for tests. */
export class VirtualClock implements LabClock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<VirtualTimer>();

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, then: () => void): Cancel {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, fire: then };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  every(ms: number, then: () => void): Cancel {
    let cancel: Cancel = () => undefined;
    const again = () => {
      cancel = this.after(ms, again);
      then();
    };
    cancel = this.after(ms, again);
    return () => cancel();
  }

  /** When the next timer is due, or null. */
  next(): number | null {
    let earliest: number | null = null;
    for (const { at } of this.#timers) if (earliest === null || at < earliest) earliest = at;
    return earliest;
  }

  /** Moves time on, firing timers in order; promises settle between two timers. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settle();
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.fire();
    }
    this.#now = until;
    await settle();
  }
}

/** Lets everything that is ready to run, run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
