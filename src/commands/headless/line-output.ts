import { fstatSync } from "node:fs";
import { ttyOutput } from "../../screen/tty-output.ts";

/** Beyond this nobody has read for long: the newest lines are left out, and counted. In bytes. */
const mostWaitingBytes = 8 * 1024 * 1024;

/** Who wants to end at once still gets the last words out, where anybody reads. */
const lastWordsMs = 200;

/** Lines to a reader that may be slow, stalled or gone: a run behind them never waits for it. */
export interface LineOutput {
  line(text: string): void;
  /** Resolves when all was handed over, the reader is gone, or shortly after `enough` is aborted. */
  drained(enough: AbortSignal): Promise<void>;
}

export interface LineReader {
  /** Whoever read is gone; told once, and nothing is written any more. */
  readonly onGone: (error: NodeJS.ErrnoException) => void;
  /** The line that stands for those that were left out. */
  readonly leftOut: (lines: number) => string;
}

/** Node writes to terminals synchronously: with one that stands still, everything in the process would. */
class PatientOutput implements LineOutput {
  readonly #send: (text: string) => Promise<void>;
  readonly #reader: LineReader;
  #waiting: string[] = [];
  #bytes = 0;
  #leftOut = 0;
  #gone = false;
  #sending: Promise<void> | null = null;

  constructor(send: (text: string) => Promise<void>, reader: LineReader) {
    this.#send = send;
    this.#reader = reader;
  }

  line(text: string): void {
    if (this.#gone) return;
    if (this.#bytes > mostWaitingBytes) {
      this.#leftOut += 1;
      return;
    }
    if (this.#leftOut > 0) {
      this.#push(this.#reader.leftOut(this.#leftOut));
      this.#leftOut = 0;
    }
    this.#push(text);
    this.#sending ??= this.#pump();
  }

  async drained(enough: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hurry = () => setTimeout(resolve, lastWordsMs).unref();
    if (enough.aborted) hurry();
    else enough.addEventListener("abort", hurry, { once: true });
    await Promise.race([this.#sending, promise]);
  }

  #push(text: string): void {
    this.#waiting.push(text);
    this.#bytes += Buffer.byteLength(text) + 1;
  }

  async #pump(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = `${this.#waiting.splice(0).join("\n")}\n`;
        await this.#send(batch);
        this.#bytes -= Buffer.byteLength(batch);
      }
    } catch (thrown) {
      this.#gone = true;
      this.#waiting = [];
      this.#reader.onGone(thrown as NodeJS.ErrnoException);
    } finally {
      this.#sending = null;
    }
  }
}

/** Files take everything at once and must keep their one offset; what is no descriptor at all is a test's. */
const takesAll = (fd: number | undefined): fd is undefined => fd === undefined || fstatSync(fd).isFile();

/** Lines onto a standard stream. */
export function lineOutput(stream: NodeJS.WriteStream, reader: LineReader): LineOutput {
  const { fd } = stream as { readonly fd?: number };
  if (takesAll(fd)) return { line: (text) => void stream.write(`${text}\n`), drained: () => Promise.resolve() };
  const output = ttyOutput(fd);
  return new PatientOutput((text) => output.send(text), reader);
}
