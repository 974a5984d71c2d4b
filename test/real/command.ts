import { spawn } from "node:child_process";

/** What a program left behind. */
export interface Ended {
  /** Null where its time was up. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly limitMs?: number;
}

/** Runs a program to its end, without a shell. */
export function run(argv: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  const [program = "", ...args] = argv;
  const env = { ...process.env, ...options.env };
  const child = spawn(program, args, { env, stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"] });
  child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    const timer = setTimeout(() => child.kill("SIGKILL"), options.limitMs ?? 60_000);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      err += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}

/** The output of a program that must succeed. */
export async function output(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { code, out, err } = await run(argv, options);
  if (code === 0) return out;
  throw new Error(`${argv.slice(0, 6).join(" ")} ended with ${code}: ${(err || out).trim().slice(-2_000)}`);
}
