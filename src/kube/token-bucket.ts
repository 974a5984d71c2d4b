import { setTimeout as sleep } from "node:timers/promises";

/** A budget of requests: so many a second, some more in a burst; a server that asks for less stops it for a while. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;
  #closedUntil = 0;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = performance.now();
  }

  /** Resolves once a request may go out. */
  async take(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    this.#tokens -= 1;
    const shortMs = this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
    const waitMs = Math.max(shortMs, this.#closedUntil - now);
    if (waitMs <= 0) return;
    await sleep(waitMs, undefined, { signal }).catch((why: unknown) => {
      throw signal.reason ?? why;
    });
  }

  /** Nothing goes out for this long: the server's Retry-After. */
  close(forMs: number): void {
    this.#closedUntil = Math.max(this.#closedUntil, performance.now() + forMs);
  }
}
