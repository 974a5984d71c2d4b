import type { LinkTimer } from "./link-timer.ts";

/** Requests a second, and how the budget moves between them. */
export interface BudgetLimits {
  readonly mostPerSecond: number;
  readonly leastPerSecond: number;
  /** An answer that takes longer says that the server, or the way to it, has enough to do. In milliseconds. */
  readonly slowMs: number;
}

const usualLimits: BudgetLimits = { mostPerSecond: 50, leastPerSecond: 2, slowMs: 2_000 };

/** A burst is what two seconds bring. */
const burstSeconds = 2;
/** One change of the rate a second: a hundred answers to one burst say the same thing. */
const changeEveryMs = 1_000;
const raisePerSecond = 2;
/** Slowness alone never brings the rate below this: a long list over a slow line is no overload. */
const leastWhenSlow = 5;

/**
 * How many requests may go out: halved when the server says that it has too many (429, 503), a little less when it is slow,
 * a little more each second that it is well. A Retry-After stops everything for that long.
 */
export class RequestBudget {
  readonly #timer: LinkTimer;
  readonly #limits: BudgetLimits;
  #rate: number;
  #tokens: number;
  #countedAt: number;
  #cutAt = Number.NEGATIVE_INFINITY;
  #raisedAt: number;
  #closedUntil = Number.NEGATIVE_INFINITY;

  constructor(timer: LinkTimer, limits: BudgetLimits = usualLimits) {
    this.#timer = timer;
    this.#limits = limits;
    this.#rate = limits.mostPerSecond;
    this.#tokens = this.#rate * burstSeconds;
    this.#countedAt = timer.now();
    this.#raisedAt = timer.now();
  }

  /** Requests a second at present. */
  get rate(): number {
    return this.#rate;
  }

  /** Milliseconds for which the server wants to hear nothing; 0 when it said no such thing. */
  get closedMs(): number {
    return Math.max(0, this.#closedUntil - this.#timer.now());
  }

  /** Resolves once a request may go out. `now` spends without waiting for the rate: writes are few, and come first. */
  async take(signal: AbortSignal, now = false): Promise<void> {
    this.#fill();
    this.#tokens -= 1;
    const shortMs = this.#tokens >= 0 || now ? 0 : (-this.#tokens / this.#rate) * 1000;
    const { closedMs } = this;
    // Those that waited out a Retry-After must not come back as one.
    const waitMs = Math.max(shortMs, closedMs === 0 ? 0 : closedMs + Math.random() * Math.min(1_000, closedMs / 4));
    if (waitMs > 0) await this.#timer.sleep(waitMs, signal);
  }

  /** The server answered. */
  answered(tookMs: number): void {
    const now = this.#timer.now();
    if (tookMs > this.#limits.slowMs) this.#cut(0.9, leastWhenSlow);
    const sinceMs = now - Math.max(this.#raisedAt, this.#cutAt);
    if (sinceMs < changeEveryMs) return;
    this.#raisedAt = now;
    // An hour of quiet is not saved up: it is one step, as a second is.
    this.#rate = Math.min(this.#limits.mostPerSecond, this.#rate + raisePerSecond);
  }

  /** It has too many requests; where it says for how long, nothing goes out until then. */
  overloaded(retryAfterMs: number | null): void {
    this.#cut(0.5, this.#limits.leastPerSecond);
    if (retryAfterMs !== null) this.#closedUntil = Math.max(this.#closedUntil, this.#timer.now() + retryAfterMs);
  }

  #cut(factor: number, least: number): void {
    const now = this.#timer.now();
    if (now - this.#cutAt < changeEveryMs) return;
    this.#fill();
    this.#cutAt = now;
    this.#rate = Math.min(this.#rate, Math.max(least, this.#rate * factor));
    this.#tokens = Math.min(this.#tokens, this.#rate);
  }

  #fill(): void {
    const now = this.#timer.now();
    this.#tokens = Math.min(this.#rate * burstSeconds, this.#tokens + ((now - this.#countedAt) / 1000) * this.#rate);
    this.#countedAt = now;
  }
}
