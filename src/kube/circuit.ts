import { CouldNotAsk } from "../engine/errors.ts";
import { backoffMs } from "./backoff.ts";
import type { LinkTimer } from "./link-timer.ts";

/** So many failures with no answer between them, and the server counts as gone. */
const failuresToOpen = 4;
const firstProbeMs = 1_000;
/** The lease's deadline allows several probes. */
const longestProbeMs = 8_000;

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
  #probing = false;

  constructor(timer: LinkTimer) {
    this.#timer = timer;
  }

  get open(): boolean {
    return this.#open;
  }

  /** Called each time the server answers again after it was gone. Returns how to stop. */
  onBack(then: () => void): () => void {
    this.#onBack.add(then);
    return () => this.#onBack.delete(then);
  }

  /** Throws CouldNotAsk while the server is gone and this request is not to be the one that looks. */
  pass(): void {
    if (!this.#open) return;
    const waitMs = this.#nextProbeAt - this.#timer.now();
    if (waitMs > 0 || this.#probing) throw new CouldNotAsk(this.#why, Math.max(waitMs, firstProbeMs));
    this.#probing = true;
  }

  /** Any answer of the server's own, a refusal too. */
  answered(): void {
    this.#failures = 0;
    if (!this.#open) return;
    this.#open = false;
    this.#probing = false;
    this.#probes = 0;
    for (const then of this.#onBack) then();
  }

  /** No answer, or one that says that there is no server behind it; `why` is what the others are told. */
  failed(why: string): void {
    this.#failures += 1;
    this.#why = why;
    if (!this.#open && this.#failures < failuresToOpen) return;
    // What was under way when it went away fails too, and says nothing new.
    if (this.#open && !this.#probing) return;
    this.#open = true;
    this.#probing = false;
    this.#nextProbeAt = this.#timer.now() + backoffMs(this.#probes, firstProbeMs, longestProbeMs);
    this.#probes += 1;
  }

  /** The request that was to look was called off before it met anything: the next one looks. */
  calledOff(): void {
    this.#probing = false;
  }
}
