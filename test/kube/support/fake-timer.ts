import type { LinkTimer } from "../../../src/kube/client/link-timer.ts";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still until the test moves it; whoever sleeps wakes in the order of time. */
export class FakeTimer implements LinkTimer {
  readonly speedup = 1;
  readonly #sleepers = new Set<Sleeper>();
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const leave = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const sleeper = { at: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  deadline(ms: number): AbortSignal {
    const late = new AbortController();
    void this.sleep(ms).then(() => late.abort(new DOMException("too late", "TimeoutError")));
    return late.signal;
  }

  /** Lets this much time pass, and everything happen that it brings. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (;;) {
      const next = [...this.#sleepers].toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > until) break;
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await settled();
    }
    this.#now = until;
  }
}
