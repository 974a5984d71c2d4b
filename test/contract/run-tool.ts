import { spawn } from "node:child_process";
import path from "node:path";
import type { Subject } from "./subject.ts";

/** What a command left behind. */
export interface Ran {
  /** null when it was ended by its signal or time. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Where and how a command runs. */
export interface RunOptions {
  readonly stdin?: string;
  /** Ends the command once its output holds this. */
  readonly until?: string;
  readonly timeoutMs?: number;
  /** Ends the command once its complaints match. */
  readonly untilError?: RegExp;
  /** Called with all that was printed so far. */
  readonly onOutput?: (out: string) => void;
}

/** Runs kubectl or helm against a subject, with nothing of the user's own configuration. */
export function runTool(
  tool: string,
  subject: Subject,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  const { stdin, until, untilError, onOutput, timeoutMs = 20_000 } = options;
  const home = path.join(subject.folder, "home");
  const env = { PATH: process.env.PATH ?? "", HOME: home, KUBECONFIG: subject.kubeconfig, HELM_NAMESPACE: "" };
  const child = spawn(tool, argv, {
    env,
    cwd: subject.folder,
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  child.stdin?.end(stdin);
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      onOutput?.(out);
      if (until !== undefined && out.includes(until)) child.kill("SIGTERM");
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      if (untilError?.test(err)) child.kill("SIGTERM");
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}
