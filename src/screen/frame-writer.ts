import { type Cell, cellsOf } from "./cells.ts";
import { diffFrames, type Frame } from "./diff.ts";
import { beginUpdate, endUpdate } from "./modes.ts";
import { styleSequence } from "./sequences.ts";
import type { TtyOutput } from "./tty-output.ts";

export interface FrameCounters {
  /** Frames handed in by the renderer. */
  readonly frames: number;
  /** Frames of which at least one byte was sent. */
  readonly sent: number;
  readonly bytes: number;
  /** Frames that a newer one overtook while the terminal was busy. */
  readonly overtaken: number;
}

export interface FrameWriterOptions {
  readonly output: TtyOutput;
  readonly columns: number;
  readonly rows: number;
  /** The terminal is gone; nothing more will be written. */
  readonly onGone: (error: unknown) => void;
}

/** Lines of which the cells are remembered: two frames' worth, since a page turned back is the same lines again. */
const rememberedLines = 400;

class LineCache {
  #lines = new Map<string, readonly Cell[]>();

  cells(line: string, columns: number): readonly Cell[] {
    const known = this.#lines.get(line);
    if (known) return known;
    const cells = cellsOf(line, columns);
    if (this.#lines.size >= rememberedLines) this.#lines.clear();
    this.#lines.set(line, cells);
    return cells;
  }

  clear(): void {
    this.#lines.clear();
  }
}

/** Keeps what the terminal shows and sends only what changed: one write in flight, the newest frame wins. */
export class FrameWriter {
  readonly #output: TtyOutput;
  readonly #onGone: (error: unknown) => void;
  readonly #cache = new LineCache();
  readonly #count = { frames: 0, sent: 0, bytes: 0, overtaken: 0 };
  #size: { readonly columns: number; readonly rows: number };
  #latest = "";
  #between = "";
  #shown: Frame | null = null;
  #waiting = false;
  #stopped = false;
  #inFlight: Promise<void> | null = null;

  constructor({ output, columns, rows, onGone }: FrameWriterOptions) {
    this.#output = output;
    this.#size = { columns, rows };
    this.#onGone = onGone;
  }

  show(frame: string): void {
    this.#count.frames += 1;
    if (this.#waiting) this.#count.overtaken += 1;
    this.#latest = frame;
    this.#waiting = true;
    this.#start();
  }

  /** Sends bytes that draw nothing, between two frames. */
  sendBetween(text: string): void {
    this.#between += text;
    this.#start();
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    this.#shown = null;
    this.#cache.clear();
  }

  /** Sends all of the last frame again. */
  repaint(): void {
    this.#shown = null;
    this.#waiting = true;
    this.#start();
  }

  /** No more writes until `resume`. */
  hold(): void {
    this.#stopped = true;
  }

  resume(): void {
    this.#stopped = false;
    this.repaint();
  }

  /** Resolves when what was handed in has left. */
  async settled(): Promise<void> {
    while (this.#inFlight) await this.#inFlight;
  }

  /** The last frame without styles. */
  text(): string {
    return this.#latest.replaceAll(styleSequence, "");
  }

  counters(): FrameCounters {
    return { ...this.#count };
  }

  #next(): string {
    const { columns, rows } = this.#size;
    const lines = this.#latest.split("\n").slice(0, rows);
    const frame = lines.map((line) => this.#cache.cells(line, columns));
    const change = diffFrames(this.#shown, frame, columns);
    this.#shown = frame;
    this.#waiting = false;
    if (change !== "") this.#count.sent += 1;
    const bytes = (change === "" ? "" : beginUpdate + change + endUpdate) + this.#between;
    this.#between = "";
    return bytes;
  }

  async #pump(): Promise<void> {
    while ((this.#waiting || this.#between !== "") && !this.#stopped) {
      const bytes = this.#next();
      if (bytes === "") continue;
      this.#count.bytes += Buffer.byteLength(bytes);
      await this.#output.send(bytes);
    }
  }

  #start(): void {
    if (this.#inFlight || this.#stopped) return;
    this.#inFlight = this.#pump()
      .catch((error: unknown) => {
        this.#stopped = true;
        this.#onGone(error);
      })
      .finally(() => {
        this.#inFlight = null;
        if (this.#waiting) this.#start();
      });
  }
}
