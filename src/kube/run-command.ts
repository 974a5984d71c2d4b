import { spawn } from "node:child_process";
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

/** One program without a shell, stdin closed, its output kept up to a cap; ended politely on abort or timeout. */
export function runCommand({ argv, env, timeoutMs, signal }: CommandCall): Promise<CommandAnswer> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const child = spawn(program, args, { env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const stdout = new Capture();
    const stderr = new Capture();
    let why: unknown = null;
    let killer: NodeJS.Timeout | undefined;
    const end = (reason: unknown) => {
      if (why !== null) return;
      why = reason;
      child.kill("SIGTERM");
      killer = setTimeout(() => child.kill("SIGKILL"), mercyMs);
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
    child.on("close", (code) => {
      settle();
      if (why !== null) reject(why);
      else resolve({ stdout: stdout.text(), stderr: stderr.text(), exitCode: code ?? 1 });
    });
  });
}
