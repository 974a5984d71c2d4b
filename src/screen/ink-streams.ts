import { EventEmitter } from "node:events";
import { modesOnly } from "./sequences.ts";

/** What Ink takes for its stdin: it gives one key at a time, in order, as soon as Ink listens. */
export class InkStdin extends EventEmitter {
  readonly isTTY = true;
  readonly #keys: string[] = [];

  feed(sequence: string): void {
    this.#keys.push(sequence);
    if (this.listenerCount("readable") > 0) this.emit("readable");
  }

  /** Ink asks until null: one key a call, so that its parser never sees two at once. */
  read(): string | null {
    return this.#keys.shift() ?? null;
  }

  /** Keys typed before Ink listened are given once its other effects have run. */
  override addListener(event: string, listener: (...values: unknown[]) => void): this {
    super.addListener(event, listener);
    if (event === "readable" && this.#keys.length > 0) setImmediate(() => this.emit("readable"));
    return this;
  }

  // The real terminal's mode is the screen's business.
  setRawMode(): this {
    return this;
  }
  setEncoding(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** What Ink takes for its stdout: each write is a whole frame (Ink's debug mode). */
export class InkStdout extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  readonly #show: (frame: string) => void;

  constructor(columns: number, rows: number, show: (frame: string) => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#show = show;
  }

  write(frame: string, ...rest: readonly unknown[]): boolean {
    if (frame !== "" && frame !== "\n" && !modesOnly.test(frame)) this.#show(frame);
    const written = rest.at(-1);
    if (typeof written === "function") setImmediate(() => written());
    return true;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit("resize");
  }
}
