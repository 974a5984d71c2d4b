import { readFileSync } from "node:fs";
import { type IPty, spawn } from "@lydell/node-pty";

export interface PtySize {
  readonly columns: number;
  readonly rows: number;
}

/** With CI set, even to nothing, Ink draws only the last frame. */
const { CI: _, ...inherited } = process.env;

const ticksPerSecond = 100;

/** A program in a terminal: what it wrote, when, and what its process used. */
export class PtyProgram {
  readonly #pty: IPty;
  readonly #exited: Promise<void>;
  readonly spawnedAt = performance.now();
  #bytes = 0;
  #text = "";
  #wakers: (() => void)[] = [];

  constructor(argv: readonly string[], { columns, rows }: PtySize, env: Readonly<Record<string, string>> = {}) {
    this.#pty = spawn(process.execPath, [...argv], {
      cols: columns,
      rows,
      env: { ...inherited, TERM: "xterm-256color", LANG: "C.UTF-8", ...env },
    });
    this.#pty.onData((data) => {
      this.#bytes += Buffer.byteLength(data);
      this.#text += data;
      for (const wake of this.#wakers.splice(0)) wake();
    });
    this.#exited = new Promise((resolve) => this.#pty.onExit(() => resolve()));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Milliseconds from now until the program has written what the pattern matches. */
  async shows(pattern: RegExp, from = performance.now(), limitMs = 30_000): Promise<number> {
    while (!pattern.test(this.#text)) {
      if (performance.now() - from > limitMs)
        throw new Error(`no ${pattern} within ${limitMs} ms, but: ${this.#text.slice(-500)}`);
      await this.#output(1_000);
    }
    return performance.now() - from;
  }

  /** Milliseconds until the first byte after a key; null when none came within two seconds. */
  async press(key: string): Promise<number | null> {
    const before = this.#bytes;
    const from = performance.now();
    this.#pty.write(key);
    await this.#output(2_000);
    return this.#bytes === before ? null : performance.now() - from;
  }

  #output(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#wakers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Milliseconds of processor time so far. */
  cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#pty.pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  }

  rssMb(): number {
    return Math.round(
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#pty.pid}/status`, "utf8"))?.[1] ?? 0) / 1024,
    );
  }

  /** Hangs up, as a closed window does. */
  async hangUp(): Promise<void> {
    this.#pty.kill("SIGHUP");
    const late = setTimeout(() => this.#pty.kill("SIGKILL"), 3_000);
    await this.#exited;
    clearTimeout(late);
  }
}
