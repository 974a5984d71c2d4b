import type { ParseArgsConfig } from "node:util";
import type { Interrupts } from "./headless/interrupts.ts";

/** A flag as the parser, --help and the docs read it. */
export interface Flag {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** Shown behind the flag's name in --help: FILE, MS, N. */
  readonly value?: string;
  readonly help: string;
}

export type Flags = Readonly<Record<string, Flag>>;

/** What was given on the command line, by flag name. */
export type Given = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The world outside, so that a command can be run in a test without a process of its own. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Aborted when the command is to end as soon as it can: by a signal that nobody took, or by the second one. */
  readonly signal: AbortSignal;
  /** Signals before they end anything; a run takes the first as a request to pause. */
  readonly interrupts?: Interrupts;
}

/** One command of the program. It returns the exit code; foreseen failures are thrown as CrossfadeError. */
export interface Command {
  readonly name: string;
  /** Other names that are heard. */
  readonly aliases?: readonly string[];
  /** What stands behind the name in its usage line: "NODE | --all". */
  readonly operands?: string;
  readonly summary: string;
  readonly flags: Flags;
  /** Not listed in --help: for the program's own use. */
  readonly hidden?: boolean;
  run(given: Given, operands: readonly string[], world: World): Promise<number>;
}

export type ParseOptions = NonNullable<ParseArgsConfig["options"]>;
