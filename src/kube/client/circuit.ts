import { Unavailable } from "../../engine/model/errors.ts";
import { backoffMs } from "./backoff.ts";
import type { LinkTimer } from "./link-timer.ts";

/** So many failures with no answer between them, and the server counts as gone. */
const failuresToOpen = 4;
const firstProbeMs = 1_000;
/** The lease's deadline allows several probes. */
const longestProbeMs = 8_000;
/** One that looks and is not heard of again must not keep everybody else out. */
const longestLookMs = 60_000;

/**
 * While the API server is gone one request at a time asks whether it is back, at most every few seconds; everybody else is
 * told at once what that one met. Otherwise each watch, sample and look would knock by itself for as long as it lasts.
 */
export class Circuit {
  readonly #timer: LinkTimer;
  readonly #onBack = new Set<() => void>();
  #failures = 0;
  #why = "";
  #open = false;
  #probes = 0;
  #nextProbeAt = 0;
  /** Since when a request looks whether it is back; null while none does. */
  #probingSince: number | null = null;

  constructor(timer: LinkTimer) {
    this.#timer = timer;
  }

  get open(): boolean {
    return this.#open;
  }

  /** What was met last by those who looked, while the server is gone; else null. */
  get why(): string | null {
    return this.#open ? this.#why : null;
  }

  /** Called each time the server answers again after it was gone. Returns how to stop. */
  onBack(then: () => void): () => void {
    this.#onBack.add(then);
    return () => this.#onBack.delete(then);
  }

  /** Throws Unavailable while the server is gone and this request is not to be the one that looks. */
  pass(): void {
    if (!this.#open) return;
    const now = this.#timer.now();
    const waitMs = this.#nextProbeAt - now;
    const isAsked = this.#probingSince !== null && now - this.#probingSince < longestLookMs;
    if (waitMs > 0 || isAsked) throw new Unavailable(this.#why, Math.max(waitMs, firstProbeMs));
    this.#probingSince = now;
  }

  /** Any answer of the server's own, a refusal too. */
  answered(): void {
    this.#failures = 0;
    if (!this.#open) return;
    this.#open = false;
    this.#probingSince = null;
    this.#probes = 0;
    for (const then of this.#onBack) then();
  }

  /** No answer, or one that says that there is no server behind it; `why` is what the others are told. */
  failed(why: string): void {
    this.#failures += 1;
    this.#why = why;
    if (!this.#open && this.#failures < failuresToOpen) return;
    // What was under way when it went away fails too, and says nothing new.
    if (this.#open && this.#probingSince === null) return;
    this.#open = true;
    this.#probingSince = null;
    this.#nextProbeAt = this.#timer.now() + backoffMs(this.#probes, firstProbeMs, longestProbeMs);
    this.#probes += 1;
  }

  /** The request that was to look was called off before it met anything: the next one looks. */
  calledOff(): void {
    this.#probingSince = null;
  }
}
