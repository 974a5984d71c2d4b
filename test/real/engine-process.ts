import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { EngineEvent } from "../../src/engine/model/events.ts";

/** A headless crossfade under way, heard event by event. */
export class EngineProcess {
  readonly events: EngineEvent[] = [];
  readonly ended: Promise<number | null>;
  complaints = "";
  #code: number | null | undefined;
  readonly #child: ChildProcess;
  readonly #heard = new Set<() => void>();

  constructor(argv: readonly string[], env: Readonly<Record<string, string | undefined>>, log: string) {
    const [program = "", ...args] = argv;
    this.#child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.complaints += text;
      appendFileSync(log, text);
    });
    void this.#read(log);
    this.ended = new Promise((resolve) => {
      this.#child.once("close", (code) => {
        this.#code = code;
        this.#wake();
        resolve(code);
      });
    });
  }

  async #read(log: string): Promise<void> {
    if (!this.#child.stdout) return;
    for await (const line of createInterface({ input: this.#child.stdout })) {
      appendFileSync(log, `${line}\n`);
      if (!line.startsWith("{")) continue;
      this.events.push(JSON.parse(line) as EngineEvent);
      this.#wake();
    }
  }

  #wake(): void {
    for (const wake of this.#heard) wake();
  }

  /** The first event that fits, of those to come or, with `from`, of those since that many. */
  async until(
    what: string,
    fits: (event: EngineEvent) => boolean,
    { limitMs = 600_000, from = this.events.length } = {},
  ) {
    const giveUpAt = Date.now() + limitMs;
    for (let at = from; ; ) {
      for (; at < this.events.length; at++) {
        const event = this.events[at];
        if (event !== undefined && fits(event)) return event;
      }
      if (this.#code !== undefined)
        throw new Error(`the engine ended with ${this.#code} before ${what}: ${this.complaints.slice(-500)}`);
      if (Date.now() > giveUpAt)
        throw new Error(`${what} did not come within ${limitMs / 1000} s; last: ${this.last()}`);
      await this.#next(Math.min(1_000, giveUpAt - Date.now() + 1));
    }
  }

  #next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#heard.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#heard.add(done);
    });
  }

  /** The last few events that tell a story. */
  last(): string {
    const told = this.events.filter(({ type }) => !["node-seen", "connectivity", "link-changed"].includes(type));
    return told
      .slice(-5)
      .map((event) => JSON.stringify(event).slice(0, 400))
      .join("\n");
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Whether it is over. */
  get isOver(): boolean {
    return this.#code !== undefined;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Its exit code, or null where it does not end in time and is killed. */
  async end(limitMs: number): Promise<number | null> {
    const timer = setTimeout(() => this.signal("SIGKILL"), limitMs);
    try {
      return await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Did a step of that name begin on any node, or on this one? */
export const begins =
  (step: string, node?: string) =>
  (event: EngineEvent): boolean =>
    event.type === "node-step-started" && event.step === step && (node === undefined || event.node === node);
