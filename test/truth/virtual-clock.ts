import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../src/engine/model/ports/clock.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that stands still until everybody sleeps. */
export class VirtualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];

  constructor(from: number) {
    this.#now = from;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const late = () => {
        this.#sleepers = this.#sleepers.filter((one) => one !== sleeper);
        reject(signal.reason);
      };
      const sleeper: Sleeper = {
        at: this.#now + ms,
        wake() {
          signal.removeEventListener("abort", late);
          resolve();
        },
      };
      signal.addEventListener("abort", late, { once: true });
      this.#sleepers.push(sleeper);
    });
  }

  /** Lets everybody act who can, then goes to when the next one wakes; false when nobody sleeps. */
  async forward(atMostMs: number): Promise<boolean> {
    await setImmediate();
    const [next] = this.#sleepers.toSorted((one, other) => one.at - other.at);
    if (!next || next.at > this.#now + atMostMs) {
      this.#now += atMostMs;
      return next !== undefined;
    }
    this.#sleepers = this.#sleepers.filter((one) => one !== next);
    this.#now = Math.max(this.#now, next.at);
    next.wake();
    await setImmediate();
    return true;
  }
}
