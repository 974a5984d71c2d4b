import type { ServerResponse } from "node:http";

/** A watcher that is this far behind is cut off, as the API server cuts off slow ones; it lists and starts again. */
const behindLimitBytes = 64 * 1024 * 1024;

/** Lines of one watch response. What is written in one turn of the event loop goes out in one piece. */
export class WatchStream {
  readonly #response: ServerResponse;
  readonly #endings: (() => void)[] = [];
  #lines: string[] = [];
  #scheduled = false;
  #ended = false;

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
    response.flushHeaders();
    if (signal.aborted) this.end();
    else {
      const leave = () => this.end();
      signal.addEventListener("abort", leave, { once: true });
      this.onEnd(() => signal.removeEventListener("abort", leave));
    }
  }

  /** Runs when the watch is over, at once if it is already. */
  onEnd(then: () => void): void {
    if (this.#ended) then();
    else this.#endings.push(then);
  }

  write(line: string): void {
    if (this.#ended) return;
    this.#lines.push(line);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  end(): void {
    if (this.#ended) return;
    this.#flush();
    this.#finish();
    this.#response.end();
  }

  #flush(): void {
    this.#scheduled = false;
    if (this.#ended || this.#lines.length === 0) return;
    const text = this.#lines.join("");
    this.#lines = [];
    this.#response.write(text);
    if (this.#response.writableLength <= behindLimitBytes) return;
    this.#finish();
    this.#response.destroy();
  }

  #finish(): void {
    this.#ended = true;
    for (const then of this.#endings.splice(0)) then();
  }
}
