import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { World } from "../../support/lab/lab-run.ts";

const program = fileURLToPath(new URL("../../../src/crossfade.ts", import.meta.url));
const args = ["migrate", "--json", "--soak", "0", "--consent", "nodes,finalize,remove-source"];

/** Two signals of one kind nearer than this are one hand's. */
const apartMs = 450;

/** What reaches a process from outside, and how it may end after it: done, failed never, paused, left at once, or killed. */
export interface Blow {
  readonly name: string;
  readonly strike: (child: ChildProcess) => void | Promise<void>;
  readonly mayEnd: readonly (number | NodeJS.Signals)[];
}

const paused = [0, 3, 130] as const;

const signal = (name: NodeJS.Signals): Blow => ({
  name,
  strike: (child) => void child.kill(name),
  mayEnd: paused,
});

/** Stopped as by Ctrl-Z or a closed lid, and woken: it goes on, and looks at its lease before it writes. */
const stopped = (forMs: number): Blow => ({
  name: `stopped for ${forMs / 1000} s`,
  async strike(child) {
    child.kill("SIGSTOP");
    await delay(forMs);
    child.kill("SIGCONT");
  },
  mayEnd: [0],
});

const twice: Blow = {
  name: "SIGINT twice",
  async strike(child) {
    child.kill("SIGINT");
    await delay(apartMs);
    child.kill("SIGINT");
  },
  mayEnd: paused,
};

const unread: Blow = { name: "a closed output", strike: (child) => void child.stdout?.destroy(), mayEnd: paused };

export const blows: readonly Blow[] = [
  signal("SIGINT"),
  twice,
  unread,
  signal("SIGTERM"),
  { ...signal("SIGKILL"), mayEnd: ["SIGKILL", 0] },
  signal("SIGHUP"),
  stopped(1_500),
];

/** Longer than the 40 s for which an engine writes without a renewal of its lease. */
export const stoppedBeyondItsLease = stopped(45_000);

/** One process that is struck once, after so many lines; null where it came to its end before. */
export interface Struck {
  readonly end: number | NodeJS.Signals;
  readonly struck: boolean;
  readonly said: string;
}

/** Starts crossfade without a terminal, as a script would, and strikes it once it has said so much. */
export function strike(world: World, folder: string, blow: Blow | null, afterLines: number): Promise<Struck> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...world.environment(), HOME: folder, XDG_STATE_HOME: folder, XDG_RUNTIME_DIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  let struck = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.push(text));
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(line.slice(0, 300));
    if (blow === null || struck || said.length < afterLines) return;
    struck = true;
    void blow.strike(child);
  });
  return new Promise((resolve) => {
    child.once("close", (code, by) => resolve({ end: by ?? code ?? 1, struck, said: said.slice(-12).join("\n") }));
  });
}
