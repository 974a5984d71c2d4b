import type { WatchBatch } from "./watch-protocol.ts";

const mostObjects = 500;
const longestWaitMs = 33;

/** Gathers changes so that the receiving thread is woken at most thirty times a second, and never for long. */
export class Batcher {
  readonly #watch: WatchBatch["watch"];
  readonly #post: (batch: WatchBatch) => void;
  #puts: [string, unknown, string][] = [];
  #drops: string[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(watch: WatchBatch["watch"], post: (batch: WatchBatch) => void) {
    this.#watch = watch;
    this.#post = post;
  }

  put(key: string, value: unknown, version: string): void {
    // Within a batch drops come first, so a deletion that was followed by a creation ends as the new object.
    this.#puts.push([key, value, version]);
    this.#arm();
  }

  drop(key: string): void {
    if (this.#puts.length > 0) this.flush();
    this.#drops.push(key);
    this.#arm();
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#puts.length === 0 && this.#drops.length === 0) return;
    const batch = { watch: this.#watch, puts: this.#puts, drops: this.#drops, heardAt: Date.now() };
    this.#puts = [];
    this.#drops = [];
    this.#post(batch);
  }

  #arm(): void {
    if (this.#puts.length + this.#drops.length >= mostObjects) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), longestWaitMs);
  }
}
