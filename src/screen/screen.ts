import { setTimeout as delay } from "node:timers/promises";
import type { ReadStream, WriteStream } from "node:tty";
import { type FrameCounters, FrameWriter } from "./frame-writer.ts";
import { InkStdin, InkStdout } from "./ink-streams.ts";
import { escapeWaitMs, type InputPiece, keySplitter } from "./key-splitter.ts";
import {
  bell,
  copySequence,
  enterScreen,
  leaveScreen,
  notificationSequence,
  restoreTitle,
  saveTitle,
  titleSequence,
} from "./modes.ts";
import { type TtyOutput, ttyOutput } from "./tty-output.ts";

export type EndingSignal = "SIGTERM" | "SIGINT" | "SIGQUIT" | "SIGHUP";
const endingSignals: readonly EndingSignal[] = ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"];

export interface ScreenOptions {
  readonly stdin: ReadStream;
  /** Only its descriptor and its size are used: nothing else may write to it. */
  readonly stdout: WriteStream & { readonly fd: number };
  /** The title is kept on the terminal's stack meanwhile. */
  readonly titled?: boolean;
  /** Decides what becomes of a piece of input; `feed` hands a key to Ink. */
  readonly onInput: (piece: InputPiece, feed: (sequence: string) => void) => void;
  readonly onResize: (columns: number, rows: number) => void;
  /** The terminal hung up: nothing more can be shown. */
  readonly onGone: () => void;
  readonly onSignal: (signal: EndingSignal) => void;
}

export interface Screen {
  readonly inkStdin: NodeJS.ReadStream;
  readonly inkStdout: NodeJS.WriteStream;
  copy(text: string): void;
  bell(): void;
  title(text: string): void;
  notify(text: string): void;
  repaint(): void;
  suspend(): void;
  /** What is shown, without styles. */
  text(): string;
  counters(): FrameCounters;
  settled(): Promise<void>;
  /** Gives the terminal back; what is in flight is waited for, but not for long. */
  close(): Promise<void>;
}

/** A stalled terminal is not waited for longer than this when the panel closes. */
const closePatienceMs = 150;

/** A process without a job-control shell cannot be stopped: it is then back on the screen after this time. */
const stopPatienceMs = 250;

/** The Esc key in an encoding that needs no waiting: Ink would hold back a bare escape character. */
const escapeKey = "\x1b[27u";

const encodedForInk = (sequence: string): string => (sequence.replaceAll("\x1b", "") === "" ? escapeKey : sequence);

/** Some terminals report no size at all until they are resized. */
function sizeOf(stdout: WriteStream): { readonly columns: number; readonly rows: number } {
  const [columns, rows] = stdout.getWindowSize();
  return columns > 0 && rows > 0 ? { columns, rows } : { columns: 80, rows: 24 };
}

class TerminalScreen implements Screen {
  readonly #options: ScreenOptions;
  readonly #output: TtyOutput;
  readonly #writer: FrameWriter;
  readonly #splitter = keySplitter();
  readonly #keys = new InkStdin();
  readonly #frames: InkStdout;
  readonly #signals: readonly (readonly [EndingSignal, () => void])[];
  #state: "open" | "suspended" | "closed" = "open";
  #escapeTimer: NodeJS.Timeout | undefined;
  #title = "";

  constructor(options: ScreenOptions) {
    const { columns, rows } = sizeOf(options.stdout);
    this.#options = options;
    this.#output = ttyOutput(options.stdout.fd);
    this.#writer = new FrameWriter({ output: this.#output, columns, rows, onGone: this.#gone });
    this.#frames = new InkStdout(columns, rows, (frame) => this.#writer.show(frame));
    this.#signals = endingSignals.map((signal) => [signal, () => options.onSignal(signal)]);
    this.#listen();
    this.#enter();
  }

  #enter(): void {
    const again = this.#title === "" ? "" : titleSequence(this.#title);
    this.#output.sendSync((this.#options.titled === true ? saveTitle + again : "") + enterScreen);
  }

  #leave(): void {
    this.#output.sendSync(leaveScreen + (this.#options.titled === true ? restoreTitle : ""));
  }

  get inkStdin(): NodeJS.ReadStream {
    return this.#keys as unknown as NodeJS.ReadStream;
  }

  get inkStdout(): NodeJS.WriteStream {
    return this.#frames as unknown as NodeJS.WriteStream;
  }

  copy(text: string): void {
    this.#writer.sendBetween(copySequence(text));
  }

  bell(): void {
    this.#writer.sendBetween(bell);
  }

  title(text: string): void {
    if (this.#options.titled !== true) return;
    this.#title = text;
    this.#writer.sendBetween(titleSequence(text));
  }

  notify(text: string): void {
    this.#writer.sendBetween(notificationSequence(text));
  }

  repaint(): void {
    this.#writer.repaint();
  }

  suspend(): void {
    if (this.#state !== "open") return;
    this.#state = "suspended";
    this.#settledSoon().then(() => {
      this.#leave();
      this.#options.stdin.setRawMode(false);
      // With a listener the signal would stop nobody. The whole group, as the terminal itself would: a wrapper such as
      // npx stops with us.
      process.off("SIGTSTP", this.#suspended);
      process.kill(0, "SIGTSTP");
      setTimeout(() => {
        if (this.#state === "suspended") this.#continued();
      }, stopPatienceMs);
    }, this.#gone);
  }

  text(): string {
    return this.#writer.text();
  }

  counters(): FrameCounters {
    return this.#writer.counters();
  }

  settled(): Promise<void> {
    return this.#writer.settled();
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    await this.#settledSoon();
    this.#restore();
    this.#release();
  }

  #listen(): void {
    const { stdin, stdout } = this.#options;
    stdin.setEncoding("utf8");
    stdin.setRawMode(true);
    stdin.on("data", this.#read).on("end", this.#gone).on("error", this.#gone).on("close", this.#gone);
    stdin.resume();
    stdout.on("error", this.#gone);
    process.on("SIGWINCH", this.#resized).on("SIGCONT", this.#continued).on("SIGTSTP", this.#suspended);
    process.on("exit", this.#restore).on("uncaughtExceptionMonitor", this.#restore);
    for (const [signal, listener] of this.#signals) process.on(signal, listener);
  }

  #release(): void {
    const { stdin, stdout } = this.#options;
    clearTimeout(this.#escapeTimer);
    this.#state = "closed";
    this.#writer.hold();
    stdin.off("data", this.#read).off("end", this.#gone).off("error", this.#gone).off("close", this.#gone);
    stdin.pause();
    stdout.off("error", this.#gone);
    process.off("SIGWINCH", this.#resized).off("SIGCONT", this.#continued).off("SIGTSTP", this.#suspended);
    process.off("exit", this.#restore).off("uncaughtExceptionMonitor", this.#restore);
    for (const [signal, listener] of this.#signals) process.off(signal, listener);
    this.#output.close();
  }

  async #settledSoon(): Promise<void> {
    this.#writer.hold();
    await Promise.race([this.#writer.settled(), delay(closePatienceMs, undefined, { ref: false })]);
  }

  readonly #gone = (): void => {
    if (this.#state === "closed") return;
    this.#release();
    this.#options.onGone();
  };

  #take(pieces: readonly InputPiece[]): void {
    for (const piece of pieces) {
      this.#options.onInput(piece, (sequence) => this.#keys.feed(encodedForInk(sequence)));
    }
  }

  readonly #read = (chunk: string): void => {
    clearTimeout(this.#escapeTimer);
    this.#take(this.#splitter.push(chunk));
    if (this.#splitter.waits) this.#escapeTimer = setTimeout(() => this.#take(this.#splitter.flush()), escapeWaitMs);
  };

  // The signal, not the stream's event: a terminal that was resized forth and back at once has moved its rows all the
  // same, and the event then stays away.
  readonly #resized = (): void => {
    const { columns, rows } = sizeOf(this.#options.stdout);
    this.#writer.resize(columns, rows);
    this.#options.onResize(columns, rows);
    this.#frames.resize(columns, rows);
    this.#writer.repaint();
  };

  /** Stopped by somebody else's kill -TSTP: the terminal is given to the shell first. */
  readonly #suspended = (): void => this.suspend();

  readonly #continued = (): void => {
    if (this.#state === "closed") return;
    this.#state = "open";
    process.off("SIGTSTP", this.#suspended).on("SIGTSTP", this.#suspended);
    // The shell set its own mode meanwhile; without the off, Node believes that raw mode still holds.
    this.#options.stdin.setRawMode(false);
    this.#options.stdin.setRawMode(true);
    this.#enter();
    this.#writer.resume();
    this.#resized();
  };

  /** Synchronous, so that it also serves at the very end of the process. */
  readonly #restore = (): void => {
    if (this.#state !== "open") return;
    this.#state = "closed";
    this.#leave();
    try {
      this.#options.stdin.setRawMode(false);
    } catch {
      // A terminal that hung up has no mode left to restore.
    }
  };
}

/** Takes over the terminal: input is cut into keys, frames go out as differences, every catchable end restores it. */
export const openScreen = (options: ScreenOptions): Screen => new TerminalScreen(options);
