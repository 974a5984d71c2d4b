import { type ChildProcess, spawn } from "node:child_process";
import type { Environment } from "./kubeconfig.ts";

export interface CommandCall {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface CommandAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
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

/**
 * One program without a shell, stdin closed, its output kept up to a cap; ended politely on abort or timeout. It has a
 * session of its own: it cannot ask on our terminal, and a Ctrl-C that is meant for us does not cut helm short.
 */
export function runCommand({ argv, env, timeoutMs, signal }: CommandCall): Promise<CommandAnswer> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const child = spawn(program, args, { env: { ...env }, stdio: ["ignore", "pipe", "pipe"], detached: true });
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
      () => end(new Error(`${program} did not end within ${Math.round(timeoutMs / 1000)} s`)),
      timeoutMs,
    );
    const aborted = () => end(signal?.reason ?? new Error("aborted"));
    signal?.addEventListener("abort", aborted, { once: true });
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(killer);
      signal?.removeEventListener("abort", aborted);
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
      resolve({ stdout: stdout.text(), stderr: stderr.text() + end, exitCode: code ?? 1 });
    });
  });
}
