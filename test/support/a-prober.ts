import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FlowCount, HeldEvent, ProberLine } from "../../src/engine/model/probing/prober-line.ts";
import { parseLine } from "../../src/kube/prober/parse-line.ts";

const program = fileURLToPath(new URL("../../src/kube/prober/prober.pl", import.meta.url));

/** Why the prober cannot run here; empty where it can. */
export const noPerl = spawnSync("perl", ["-c", program]).status === 0 ? "" : "there is no perl here";

/** All that was said of one target so far. */
export interface FlowTotal {
  readonly good: number;
  readonly lost: number;
  readonly reordered: number;
  readonly late: number;
  readonly longestGapMs: number;
  readonly leastDelayMs: number;
  readonly errors: readonly string[];
  readonly last: FlowCount | undefined;
}

function totalOf(lines: readonly ProberLine[], id: string): FlowTotal {
  const counts = lines.flatMap(({ flows }) => flows.filter((flow) => flow.id === id));
  const sum = (of: (count: FlowCount) => number) => counts.reduce((all, count) => all + of(count), 0);
  return {
    good: sum(({ good }) => good),
    lost: sum(({ lost }) => lost),
    reordered: sum(({ reordered }) => reordered),
    late: sum(({ late }) => late),
    longestGapMs: Math.max(0, ...counts.map(({ gap }) => gap?.ms ?? 0)),
    leastDelayMs: Math.min(...counts.map(({ delayMs }) => delayMs?.least ?? Number.POSITIVE_INFINITY)),
    errors: [...new Set(counts.map(({ error }) => error).filter((error) => error !== ""))],
    last: counts.at(-1),
  };
}

export interface RunningProber {
  readonly lines: readonly ProberLine[];
  /** What it said that no prober says. */
  readonly others: readonly string[];
  readonly ports: Promise<{ readonly tcp: number; readonly udp: number }>;
  follow(targets: readonly string[]): void;
  /** Looks again with every line, for as long as it takes; throws where the program has ended before. */
  until(isSo: (lines: readonly ProberLine[]) => boolean): Promise<void>;
  total(id: string): FlowTotal;
  events(): readonly HeldEvent[];
  stop(): Promise<void>;
}

class Prober implements RunningProber {
  readonly lines: ProberLine[] = [];
  readonly others: string[] = [];
  readonly ports: Promise<{ tcp: number; udp: number }>;
  readonly #folder = mkdtempSync(join(tmpdir(), "prober-"));
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Set<{ look: () => void; giveUp: (why: Error) => void }>();
  #said = "";

  constructor(args: readonly string[], before: readonly string[]) {
    const argv = [...before, "perl", program, `targets=${join(this.#folder, "targets")}`, ...args];
    this.follow([]);
    this.#child = spawn(argv[0] ?? "", argv.slice(1), { stdio: ["ignore", "pipe", "pipe"] });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error("a child without streams");
    this.#ended = new Promise((resolve) => {
      this.#child.once("close", () => {
        for (const { giveUp } of this.#waiting) giveUp(new Error(`the prober has ended: ${this.#said}`));
        resolve();
      });
    });
    createInterface({ input: stdout }).on("line", (raw) => this.#take(raw));
    this.ports = new Promise((resolve) => {
      createInterface({ input: stderr }).on("line", (raw) => {
        this.#said += `${raw}\n`;
        const [, tcp, udp] = /^ports tcp (\d+) udp (\d+)$/.exec(raw) ?? [];
        if (tcp !== undefined) resolve({ tcp: Number(tcp), udp: Number(udp) });
      });
    });
  }

  #take(raw: string): void {
    const read = parseLine(raw);
    if (read.kind === "line") this.lines.push(read.line);
    else this.others.push(raw);
    for (const { look } of this.#waiting) look();
  }

  follow(targets: readonly string[]): void {
    const path = join(this.#folder, "targets");
    writeFileSync(`${path}.next`, targets.map((target) => `${target}\n`).join(""));
    renameSync(`${path}.next`, path);
  }

  until(isSo: (lines: readonly ProberLine[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const one = {
        look: () => {
          if (!isSo(this.lines)) return;
          this.#waiting.delete(one);
          resolve();
        },
        giveUp: reject,
      };
      this.#waiting.add(one);
      one.look();
    });
  }

  total(id: string): FlowTotal {
    return totalOf(this.lines, id);
  }

  events(): readonly HeldEvent[] {
    return this.lines.flatMap(({ events }) => events);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Starts the program. `before`: what starts it, such as `ip netns exec NAME`. */
export const startProber = (args: readonly string[], before: readonly string[] = []): RunningProber =>
  new Prober(args, before);
