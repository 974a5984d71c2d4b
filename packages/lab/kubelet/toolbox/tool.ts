import type { LabClock } from "../../clock.ts";
import type { Machine } from "../../machine.ts";
import type { ExecResult } from "../../program.ts";
import type { ContainerFiles } from "./container-files.ts";

/** Where a command runs: what it sees and may do. */
export interface ToolScope {
  readonly machine: Machine;
  readonly files: ContainerFiles;
  readonly hostname: string;
  readonly env: Readonly<Record<string, string>>;
  /** hostNetwork: links, chains and routes are then the machine's own. */
  readonly inRootNetwork: boolean;
  /** Privileged and hostPID: may enter the machine's namespaces and restart it. */
  readonly canEnterHost: boolean;
  readonly clock: LabClock;
  readonly signal: AbortSignal;
  /** All of it, once whoever writes it has closed it. */
  readonly stdin: () => Promise<string>;
  readonly rebootHost: () => void;
  /** What the container's own image can run besides the toolbox; null for what is not its own. */
  readonly own?: (argv: readonly string[], ends: AbortSignal) => ExecResult | null | Promise<ExecResult | null>;
}

/** One command of the toolbox; argv[0] is its own name. */
export type Tool = (argv: readonly string[], scope: ToolScope) => ExecResult | Promise<ExecResult>;

export function printed(stdout: string): ExecResult {
  return { stdout, stderr: "", exitCode: 0 };
}

export function failed(exitCode: number, stderr: string): ExecResult {
  return { stdout: "", stderr: stderr.endsWith("\n") ? stderr : `${stderr}\n`, exitCode };
}

/** Short flags taken apart (-la is -l -a), and what is left. Everything after -- is an operand. */
export function split(argv: readonly string[]): { readonly flags: ReadonlySet<string>; readonly operands: string[] } {
  const flags = new Set<string>();
  const operands: string[] = [];
  let literal = false;
  for (const word of argv.slice(1)) {
    if (literal || word === "-" || !word.startsWith("-")) operands.push(word);
    else if (word === "--") literal = true;
    else if (word.startsWith("--")) flags.add(word.slice(2));
    else for (const letter of word.slice(1)) flags.add(letter);
  }
  return { flags, operands };
}
