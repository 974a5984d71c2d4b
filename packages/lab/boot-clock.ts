import type { Cancel, LabClock } from "./clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  /** Its place on the wall's clock, once the lab runs. */
  wall: NodeJS.Timeout | null;
  cancelled: boolean;
}

/** What setTimeout can hold. */
const longestWallMs = 2 ** 31 - 1;

/**
 * Lab time with two gaits: while the lab boots it jumps from timer to timer, so that booting takes what the processor
 * needs and no more; then it runs `speed` times as fast as the wall's.
 */
export class BootClock implements LabClock {
  readonly #speed: number;
  #now: number;
  #order = 0;
  /** Lab and wall time when it began to run; null while it jumps. */
  #ran: { readonly lab: number; readonly wall: number } | null = null;
  #queue: Timer[] = [];
  readonly #armed = new Set<Timer>();
  #stopped = false;

  constructor(speed: number, start = Date.now()) {
    this.#speed = speed;
    this.#now = start;
  }

  now(): number {
    if (!this.#ran) return this.#now;
    return Math.round(this.#ran.lab + (performance.now() - this.#ran.wall) * this.#speed);
  }

  after(ms: number, then: () => void): Cancel {
    const timer: Timer = {
      at: this.now() + Math.max(0, ms),
      order: this.#order++,
      fire: then,
      wall: null,
      cancelled: false,
    };
    if (this.#ran) this.#arm(timer);
    else push(this.#queue, timer);
    return () => this.#cancel(timer);
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

  /** Jumps on until it is `at`; nothing happens when it is later already. */
  async jumpTo(at: number): Promise<void> {
    while (!this.#stopped && this.#queue[0] && this.#queue[0].at <= at) {
      this.#fireNext();
      await turn();
    }
    this.#now = Math.max(this.#now, at);
  }

  /** Jumps until `reached` says so (asked at most every half second of lab time); false when that takes too long. */
  async jump(reached: () => boolean, atMostMs: number): Promise<boolean> {
    const giveUpAt = this.#now + atMostMs;
    let askAt = this.#now;
    while (!this.#stopped && this.#now < giveUpAt) {
      await turn();
      if (this.#now >= askAt) {
        if (reached()) return true;
        askAt = this.#now + 500;
      }
      if (this.#queue.length === 0) return reached();
      this.#fireNext();
    }
    return false;
  }

  /** From here on time passes as on the wall, times the speed. */
  run(): void {
    if (this.#ran || this.#stopped) return;
    this.#ran = { lab: this.#now, wall: performance.now() };
    const waiting = this.#queue;
    this.#queue = [];
    for (const timer of waiting) if (!timer.cancelled) this.#arm(timer);
  }

  /** Ends all timers, so that the process can end. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    for (const timer of this.#armed) if (timer.wall) clearTimeout(timer.wall);
    this.#armed.clear();
  }

  /** All timers of the earliest moment. */
  #fireNext(): void {
    const first = this.#queue[0];
    if (first) this.#now = Math.max(this.#now, first.at);
    while (this.#queue[0] && this.#queue[0].at <= this.#now) {
      const due = pop(this.#queue);
      if (due && !due.cancelled) due.fire();
    }
  }

  #arm(timer: Timer): void {
    if (this.#stopped) return;
    const waitMs = Math.min(longestWallMs, Math.max(0, (timer.at - this.now()) / this.#speed));
    this.#armed.add(timer);
    timer.wall = setTimeout(() => {
      // The wall's timers may come a millisecond early, which is long in a fast lab.
      if (this.now() < timer.at) return this.#arm(timer);
      this.#armed.delete(timer);
      timer.fire();
    }, waitMs);
  }

  #cancel(timer: Timer): void {
    timer.cancelled = true;
    if (timer.wall) clearTimeout(timer.wall);
    this.#armed.delete(timer);
  }
}

/** Lets everything that is ready to run, run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function before(a: Timer | undefined, b: Timer | undefined): boolean {
  if (!a || !b) return a !== undefined;
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

/** A binary heap: a lab of 2,000 pods has tens of thousands of timers. */
function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >> 1;
    if (!before(heap[at], heap[parent])) return;
    swap(heap, at, parent);
    at = parent;
  }
}

function pop(heap: Timer[]): Timer | undefined {
  if (heap.length === 0) return undefined;
  swap(heap, 0, heap.length - 1);
  const first = heap.pop();
  for (let at = 0; ; ) {
    const left = at * 2 + 1;
    const child = before(heap[left + 1], heap[left]) ? left + 1 : left;
    if (child >= heap.length || !before(heap[child], heap[at])) return first;
    swap(heap, at, child);
    at = child;
  }
}

function swap(heap: Timer[], a: number, b: number): void {
  const [one, two] = [heap[a], heap[b]];
  if (one && two) [heap[a], heap[b]] = [two, one];
}
