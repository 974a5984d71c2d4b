import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { inject, onTestFinished } from "vitest";
import type { ServerLine } from "../../../src/runner/protocol.ts";
import { type ClusterApi, clusterApi } from "../lab/cluster-api.ts";
import { afterRest, patienceMs, Rest } from "../patience.ts";
import { secretsOf, textsBelow } from "../secrets.ts";
import { Terminal } from "./terminal.ts";

/** A process that ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A process whose lines are read while it runs. */
export interface Running {
  readonly pid: number;
  /** The first line, said already or to come, that fits. */
  line(fits: string | RegExp): Promise<string>;
  readonly lines: readonly string[];
  /** On standard error. */
  readonly said: string;
  /** The same of what it says on standard error. */
  complaint(fits: string | RegExp): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Nobody reads what it prints any more, as behind head -1. */
  closeOutput(): void;
  ended(): Promise<Ended>;
}

/** A cluster in a process of its own, and the environment in which crossfade finds it. */
export interface JourneyLab {
  readonly env: Record<string, string>;
  readonly kubeconfig: string;
  readonly api: ClusterApi;
  readonly process: Running;
}

export interface Opening {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
  /** Started instead of the program, for example a shell. */
  readonly file?: string;
}

async function inTime<T>(wait: Promise<T>, inVain: () => string): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const callOff = afterRest(patienceMs, () => limit.reject(new Error(inVain())));
  try {
    return await Promise.race([wait, limit.promise]);
  } finally {
    callOff();
  }
}

function follow(child: ChildProcess): Running {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  let err = "";
  let over: number | null = null;
  const look = () => {
    for (const watcher of watchers) watcher();
  };
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    look();
  });
  if (child.stdout) {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      look();
    });
  }
  const closed = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => {
      over = code ?? (signal ? 128 : 1);
      look();
      resolve({ code: over, out: lines.join("\n"), err });
    });
  });
  const heard = () => `it said:\n${lines.slice(-40).join("\n")}\n${err}`;
  const said = (from: () => readonly string[], fits: string | RegExp) => {
    const wait = new Promise<string>((resolve, reject) => {
      const watch = () => {
        const line = from().find((one) => (typeof fits === "string" ? one.includes(fits) : fits.test(one)));
        if (line !== undefined) resolve(line);
        else if (over !== null) reject(new Error(`it ended with ${over} and never said ${String(fits)}; ${heard()}`));
        else return;
        watchers.delete(watch);
      };
      watchers.add(watch);
      watch();
    });
    return inTime(wait, () => `waited in vain for the line ${String(fits)}; ${heard()}`);
  };
  return {
    pid: child.pid ?? 0,
    lines,
    get said() {
      return err;
    },
    line: (fits) => said(() => lines, fits),
    complaint: (fits) => said(() => err.split("\n"), fits),
    signal: (name) => void child.kill(name),
    closeOutput: () => void child.stdout?.destroy(),
    ended: () => inTime(closed, () => `it did not end; ${heard()}`),
  };
}

interface FoundEngine {
  readonly pid: number;
  /** With the whole state. */
  readonly hello: string;
}

/** The process that listens on an engine's socket: its hello says which. */
function engineAt(socket: string): Promise<FoundEngine | null> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once("error", () => resolve(null));
    createInterface({ input: connection })
      .on("error", () => resolve(null))
      .once("line", (line) => {
        const hello = JSON.parse(line) as ServerLine;
        connection.destroy();
        resolve(hello.line === "hello" ? { pid: hello.pid, hello: line } : null);
      });
    connection.once("close", () => resolve(null));
  });
}

/** One story: folders of its own, and every process that it started, ended with it. */
export class Journey {
  readonly folder = mkdtempSync(join(tmpdir(), "crossfade-journey-"));
  readonly #program = inject("program");
  readonly #terminals: Terminal[] = [];
  readonly #children: ChildProcess[] = [];
  readonly #followed: Running[] = [];
  readonly #secrets: string[] = [];
  readonly env: Record<string, string> = {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`,
    HOME: this.#folderFor("home"),
    TMPDIR: this.#folderFor("tmp"),
    XDG_STATE_HOME: this.#folderFor("state"),
    XDG_RUNTIME_DIR: this.#folderFor("run"),
    NODE_COMPILE_CACHE: join(dirname(this.#program), "compile-cache"),
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    TZ: "UTC",
  };

  constructor() {
    onTestFinished(() => this.#end());
  }

  #folderFor(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  /** The program in a pseudo-terminal. */
  terminal(args: readonly string[], { columns = 120, rows = 40, env = this.env, file }: Opening = {}): Terminal {
    const started = file === undefined ? [this.#program, ...args] : args;
    const terminal = new Terminal({
      file: file ?? process.execPath,
      args: started,
      env,
      cwd: this.env.HOME ?? this.folder,
      columns,
      rows,
    });
    this.#terminals.push(terminal);
    return terminal;
  }

  /** The program without a terminal; `within` is a command that starts another, such as nice. */
  start(args: readonly string[], env: Record<string, string> = this.env, within: readonly string[] = []): Running {
    return this.#follow([...within, process.execPath, this.#program, ...args], env);
  }

  /** Another build of the program. */
  startOf(program: string, args: readonly string[]): Running {
    return this.#follow([process.execPath, program, ...args], this.env);
  }

  #follow([file = "", ...rest]: readonly string[], env: Record<string, string>): Running {
    const child = spawn(file, rest, {
      env,
      cwd: this.env.HOME,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.push(child);
    const followed = follow(child);
    this.#followed.push(followed);
    return followed;
  }

  run(args: readonly string[], env: Record<string, string> = this.env): Promise<Ended> {
    return this.start(args, env).ended();
  }

  /** How a shell would start the program. */
  get commandLine(): string {
    return `${process.execPath} ${this.#program}`;
  }

  /** A cluster of its own process, which no panel or engine shares anything with but HTTP. */
  async lab(...flags: readonly string[]): Promise<JourneyLab> {
    const lab = this.start(["lab", "--speed", "40", "--seed", "7", ...flags]);
    const after = async (head: string) => {
      const line = await lab.line(head);
      return line.slice(line.indexOf(head) + head.length).split(/[:\s]/)[0] ?? "";
    };
    const kubeconfig = await after("export KUBECONFIG=");
    const binDir = await after("export PATH=");
    const config = readFileSync(kubeconfig, "utf8");
    this.#secrets.push(...secretsOf(config));
    return {
      kubeconfig,
      env: { ...this.env, KUBECONFIG: kubeconfig, PATH: `${binDir}${delimiter}${this.env.PATH ?? ""}` },
      api: clusterApi(config),
      process: lab,
    };
  }

  /** Process ids of the detached engines of this story. */
  async engines(): Promise<readonly number[]> {
    return (await this.#engines()).map(({ pid }) => pid);
  }

  async #engines(): Promise<readonly FoundEngine[]> {
    const folder = join(this.env.XDG_RUNTIME_DIR ?? "", "crossfade");
    const sockets = readdirSync(this.env.XDG_RUNTIME_DIR ?? "").includes("crossfade") ? readdirSync(folder) : [];
    const found = await Promise.all(sockets.map((name) => engineAt(join(folder, name))));
    return found.filter((engine) => engine !== null);
  }

  /** Whatever the story was about: nothing that was drawn, said, sent to a panel or written down holds a secret of a kubeconfig. */
  #leaks(engines: readonly FoundEngine[]): readonly string[] {
    const texts = [
      ...this.#terminals.map(({ raw }, at) => [`terminal ${at + 1}`, raw] as const),
      ...this.#followed.map(({ lines, said }) => ["what a process said", `${lines.join("\n")}\n${said}`] as const),
      ...engines.map(({ hello }) => ["the engine's socket", hello] as const),
      ...textsBelow(this.env.XDG_STATE_HOME ?? ""),
      ...textsBelow(this.env.XDG_RUNTIME_DIR ?? ""),
    ];
    return texts.flatMap(([where, text]) => (this.#secrets.some((secret) => text.includes(secret)) ? [where] : []));
  }

  /** The journal, line by line, as far as it is written. */
  journal(): readonly string[] {
    const folder = join(this.env.XDG_STATE_HOME ?? "", "crossfade");
    const name = existsSync(folder) ? readdirSync(folder).find((file) => file.endsWith(".jsonl")) : undefined;
    return name === undefined ? [] : readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);
  }

  /** Waits for a line of the journal behind the first `from`; answers how many there are up to it. */
  async recorded(fits: RegExp, from = 0): Promise<number> {
    const rest = new Rest();
    for (;;) {
      const lines = this.journal();
      const at = lines.findIndex((line, index) => index >= from && fits.test(line));
      if (at >= 0) return at + 1;
      if (rest.spent() > 2 * patienceMs)
        throw new Error(`waited in vain for ${String(fits)} in the journal:\n${lines.slice(-20).join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async #end(): Promise<void> {
    const engines = await this.#engines();
    const leaks = this.#leaks(engines);
    for (const { pid } of engines) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself just now.
      }
    }
    for (const terminal of this.#terminals) terminal.end();
    for (const child of this.#children) if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    if (leaks.length > 0) throw new Error(`a secret of the kubeconfig is in ${leaks.join(", ")}`);
  }
}
