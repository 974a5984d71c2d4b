import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type IPty, spawn } from "@lydell/node-pty";
import headless from "@xterm/headless";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { dialogGuardMs } from "../../src/store/dialogs/answer.ts";
import { buildProgram } from "../support/build-program.ts";
import { patienceMs, Rest } from "../support/patience.ts";

let program = "";
const folder = mkdtempSync(join(tmpdir(), "crossfade-pty-"));
const open: { readonly end: () => void }[] = [];

beforeAll(async () => {
  program = await buildProgram("panel-program");
});

afterEach(() => {
  for (const panel of open.splice(0)) panel.end();
});

afterAll(() => {
  rmSync(program, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  readonly end: { readonly reason: string };
  readonly asked: readonly { readonly request: string }[];
}

class Panel {
  readonly #pty: IPty;
  readonly #terminal = new headless.Terminal({ cols: 80, rows: 24, allowProposedApi: true });
  readonly #report: string;
  readonly #exited: Promise<number>;
  #waiters: (() => void)[] = [];
  #paused = false;
  raw = "";

  constructor(flags: readonly string[]) {
    this.#report = join(folder, `report-${Math.round(performance.now() * 1000)}.json`);
    this.#pty = spawn(process.execPath, [program, "--report", this.#report, ...flags], {
      cols: 80,
      rows: 24,
      env: { ...process.env, TERM: "xterm-256color", LANG: "C.UTF-8", NODE_ENV: "production", NO_COLOR: "" },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#terminal.write(data, () => this.#wake());
    });
    this.#exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#wake();
        resolve(signal ? 128 + signal : exitCode);
      });
    });
    open.push({ end: () => this.#end() });
  }

  #end(): void {
    try {
      this.#pty.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    this.#terminal.dispose();
  }

  #wake(): void {
    for (const waiter of this.#waiters.splice(0)) waiter();
  }

  get alternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate";
  }

  text(): string {
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: this.#terminal.rows }, (_, row) =>
      buffer.getLine(buffer.baseY + row)?.translateToString(true),
    ).join("\n");
  }

  async until(what: string | (() => boolean)): Promise<void> {
    const met = typeof what === "string" ? () => this.text().includes(what) : what;
    const rest = new Rest();
    while (!met()) {
      if (rest.spent() > patienceMs) throw new Error(`waited in vain for ${String(what)}; the screen:\n${this.text()}`);
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
        setTimeout(resolve, 50);
      });
    }
  }

  send(keys: string): void {
    this.#pty.write(keys);
  }

  kill(signal: string): void {
    process.kill(this.#pty.pid, signal);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  stall(): void {
    this.#paused = !this.#paused;
    if (this.#paused) this.#pty.pause();
    else this.#pty.resume();
  }

  /** What a dropped connection does: the other side of the terminal is closed. */
  hangUp(): void {
    (this.#pty as unknown as { destroy(): void }).destroy();
  }

  exit(): Promise<number> {
    return this.#exited;
  }

  report(): Report | null {
    return existsSync(this.#report) ? JSON.parse(readFileSync(this.#report, "utf8")) : null;
  }
}

async function shown(...flags: readonly string[]): Promise<Panel> {
  const panel = new Panel(flags);
  await panel.until("worker-2");
  return panel;
}

function expectTerminalRestored(panel: Panel): void {
  expect(panel.alternate).toBe(false);
  expect(panel.raw).toContain("\x1b[?25h");
  expect(panel.raw.lastIndexOf("\x1b[?2004l")).toBeGreaterThan(panel.raw.lastIndexOf("\x1b[?2004h"));
  expect(panel.raw.lastIndexOf("\x1b[?7h")).toBeGreaterThan(panel.raw.lastIndexOf("\x1b[?7l"));
}

/** The dialog's guard is real time here: a key is sent until it was heard. */
async function leave(panel: Panel): Promise<void> {
  panel.send("q");
  await panel.until("Leave the panel");
  await panel.until(() => {
    if (!panel.text().includes("❯ Leave")) panel.send("3");
    return panel.text().includes("❯ Leave");
  });
  panel.send("\r");
}

test("q asks, and leaving gives the terminal back with exit code 0", async () => {
  const panel = await shown();
  expect(panel.alternate).toBe(true);
  await leave(panel);
  expect(await panel.exit()).toBe(0);
  await panel.until('ended: {"reason":"left"}');
  expectTerminalRestored(panel);
  expect(panel.report()?.asked).toMatchObject([{ request: "when-left", whenLeft: "continue" }]);
});

for (const signal of ["SIGTERM", "SIGINT", "SIGQUIT"]) {
  test(`${signal} gives the terminal back`, async () => {
    const panel = await shown();
    panel.kill(signal);
    await panel.exit();
    await panel.until("ended:");
    expectTerminalRestored(panel);
    expect(panel.report()?.end).toEqual({ reason: "signal", signal });
  });
}

test("SIGHUP gives the terminal back, and nothing is printed after it", async () => {
  const panel = await shown();
  panel.kill("SIGHUP");
  expect(await panel.exit()).toBe(0);
  expectTerminalRestored(panel);
  expect(panel.report()?.end).toEqual({ reason: "terminal-gone" });
});

test("a terminal that hangs up ends the panel, which neither fails nor spins", async () => {
  const panel = await shown("--storm");
  panel.hangUp();
  await panel.until(() => panel.report() !== null);
  expect(panel.report()?.end).toEqual({ reason: "terminal-gone" });
});

test("Ctrl-Z gives the terminal to the shell; without a shell that could stop it, the panel comes back", async () => {
  const panel = await shown("--state", "paused");
  panel.send("\x1a");
  await panel.until(() => panel.raw.includes("\x1b[?1049l"));
  await panel.until(() => panel.alternate && panel.text().includes("leave"));
  panel.send("j");
  await panel.until(() => /❯.*worker-2/.test(panel.text()));
});

test("a stop from outside gives the terminal to the shell first, however often", async () => {
  const panel = await shown("--state", "paused");
  for (const times of [1, 2]) {
    panel.kill("SIGTSTP");
    await panel.until(() => panel.raw.split("\x1b[?1049l").length === times + 1);
    await panel.until(() => panel.alternate && panel.text().includes("leave"));
  }
  panel.send("j");
  await panel.until(() => /❯.*worker-2/.test(panel.text()));
});

test("a panel that fails gives the terminal back, says why, and exits with 1", async () => {
  const panel = await shown("--crash-after", "100");
  expect(await panel.exit()).toBe(1);
  await panel.until("the panel crashed:");
  expectTerminalRestored(panel);
});

test("a burst of keys in one read is heard key by key, also from a split arrow", async () => {
  const panel = await shown("--state", "paused");
  panel.send("jjj");
  await panel.until(() => /❯.*worker-4/.test(panel.text()));
  panel.send("\x1b");
  panel.send("[B");
  await panel.until(() => /❯.*worker-5/.test(panel.text()));
});

test("pasted text is filled in and confirms nothing", async () => {
  const panel = await shown("--state", "remove-source-asked");
  panel.send("m");
  await panel.until("Type the cluster's name");
  await new Promise((resolve) => setTimeout(resolve, dialogGuardMs));
  panel.send("\x1b[200~prod-eu\r\x1b[201~");
  await panel.until("pasted: nothing was done yet, Enter confirms");
  panel.send("\x1b");
  await panel.until(() => !panel.text().includes("Type the cluster"));
  panel.send("\x03\x03");
  await panel.exit();
  expect(panel.report()?.asked.filter(({ request }) => request === "consent")).toEqual([]);
});

test("resizing draws the panel anew at the new size", async () => {
  const panel = await shown();
  panel.resize(60, 15);
  await panel.until(() => panel.text().includes("others none") && panel.text().trimEnd().split("\n").length === 15);
  panel.resize(80, 24);
  await panel.until(() => panel.text().split("\n")[23]?.includes("leave") ?? false);
});

test("a terminal that nobody reads does not stop the process", async () => {
  // It ends itself by a timer of its own, which a process that hangs in a write never hears.
  const panel = await shown("--storm", "--end-after", "25");
  panel.stall();
  await panel.until(() => panel.report() !== null);
  expect(panel.report()?.end).toEqual({ reason: "signal", signal: "SIGTERM" });
  panel.stall();
  await panel.exit();
});

test("a key costs few bytes, and a panel at rest sends none", async () => {
  const panel = await shown("--state", "paused");
  await panel.until("leave");
  const before = panel.raw.length;
  panel.send("j");
  await panel.until(() => /❯.*worker-2/.test(panel.text()));
  expect(panel.raw.length - before).toBeLessThan(700);
  const atRest = panel.raw.length;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(panel.raw.length).toBe(atRest);
});
