import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Environment } from "../auth/kubeconfig.ts";
import type { Fence } from "../lease/fence.ts";
import { cutOffCode } from "./cut-off.ts";
import { findProgram, notOnPath } from "./find-program.ts";

export interface CommandCall {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** What it reads on stdin; else that is closed. */
  readonly input?: string;
  /** Of a command that changes the cluster: it is ended when the lease cannot be renewed, or when we are gone. */
  readonly fence?: Fence | null;
}

export interface CommandAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** Ended because the lease was not renewed in time. */
  readonly cutOff: boolean;
}

const mostBytes = 16 * 1024 * 1024;
/** From SIGTERM to SIGKILL: helm needs the time to write down that it was stopped. */
const mercyMs = 20_000;
/** A program of the program's own may hold the pipes open long after it ended: nobody waits for that one. */
const lastWordsMs = 1_000;

class Capture {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  take(chunk: Buffer): void {
    if (this.#size < mostBytes) this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  text(): string {
    const cut = this.#size > mostBytes ? "\n(cut)" : "";
    return Buffer.concat(this.#chunks).toString("utf8") + cut;
  }
}

/** The program and all that it started: they share a process group, which bears its pid. */
function signalAll(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // All of them ended meanwhile.
  }
}

const keeper = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./keep-command.ts" : "./keep-command.mjs", import.meta.url),
);

/** Of what a lease has left, when a command is asked to end; it is killed at the end of it. */
const shareBeforeAsking = 0.75;

/** Tells the keeper at each renewal how long the command may go on. Returns how to stop. */
function keepTold(child: ChildProcess, fence: Fence): () => void {
  // The command may be over, and its keeper with it.
  child.stdin?.on("error", () => undefined);
  const tell = () => {
    const leftMs = Math.round(fence.leftMs());
    child.stdin?.write(`${Math.round(leftMs * shareBeforeAsking)} ${leftMs}\n`);
  };
  tell();
  return fence.onRenewed(tell);
}

type Starting = Required<Pick<CommandCall, "argv" | "env">> &
  Pick<CommandCall, "fence"> & { readonly input: string | undefined };
type Started = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

/**
 * Beside a keeper, whose stdin says how long the command may go on, what the command reads comes on the fourth channel, which
 * is there even for nothing to read: for others than the first three "ignore" means none.
 */
function start({ argv, env, fence, input }: Starting): Started {
  const [program = "", ...args] = argv;
  const source = input === undefined && !fence ? "ignore" : "pipe";
  const options = { env: { ...env }, detached: true };
  const child = fence
    ? spawn(process.execPath, [keeper, ...argv], { ...options, stdio: ["pipe", "pipe", "pipe", source] })
    : spawn(program, args, { ...options, stdio: [source, "pipe", "pipe"] });
  const sink = child.stdio[fence ? 3 : 0] as Writable | null;
  // It may end without having read it.
  sink?.on("error", () => undefined).end(input);
  return child as Started;
}

/**
 * One program without a shell, stdin closed or what it is given, its output kept up to a cap; ended politely on abort or timeout. It has a
 * session of its own: it cannot ask on our terminal, and a Ctrl-C that is meant for us does not cut helm short.
 */
export function runCommand({ argv, env, timeoutMs, signal, input, fence = null }: CommandCall): Promise<CommandAnswer> {
  const [name = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const program = findProgram(name, env);
    if (program === null) return reject(new Error(notOnPath(name)));
    const child = start({ argv: [program, ...args], env, fence, input });
    const untold = fence ? keepTold(child, fence) : () => undefined;
    const stdout = new Capture();
    const stderr = new Capture();
    let why: unknown = null;
    let killer: NodeJS.Timeout | undefined;
    const end = (reason: unknown) => {
      if (why !== null) return;
      why = reason;
      signalAll(child, "SIGTERM");
      killer = setTimeout(() => signalAll(child, "SIGKILL"), mercyMs);
    };
    const timer = setTimeout(
      () => end(new Error(`${name} did not end within ${Math.round(timeoutMs / 1000)} s`)),
      timeoutMs,
    );
    const aborted = () => end(signal?.reason ?? new Error("aborted"));
    signal?.addEventListener("abort", aborted, { once: true });
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(killer);
      signal?.removeEventListener("abort", aborted);
      untold();
    };
    child.stdout.on("data", (chunk: Buffer) => stdout.take(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.take(chunk));
    child.on("error", (error) => {
      settle();
      reject(error);
    });
    child.on("exit", () => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, lastWordsMs).unref();
    });
    child.on("close", (code, by) => {
      settle();
      if (why !== null) return reject(why);
      const end = by === null ? "" : `ended by ${by}\n`;
      const cutOff = fence !== null && code === cutOffCode;
      resolve({ stdout: stdout.text(), stderr: stderr.text() + end, exitCode: code ?? 1, cutOff });
    });
  });
}
