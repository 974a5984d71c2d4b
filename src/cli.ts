import { parseArgs } from "node:util";
import type { Command, Flags, Given, ParseOptions, World } from "./commands/command.ts";
import { CommandError } from "./commands/command-error.ts";
import { commands } from "./commands/commands.ts";
import { exitCodeOfFailure, exitCodes } from "./commands/exit-codes.ts";
import { Interrupts } from "./commands/headless/interrupts.ts";
import { visible } from "./commands/headless/visible.ts";
import { commandHelp, programHelp } from "./commands/help.ts";
import { livePanel } from "./commands/panel.ts";
import { holdBuild } from "./commands/processes/own-build.ts";
import { CrossfadeError, toFailure, Unavailable } from "./engine/model/errors.ts";
import { knownSecrets } from "./engine/model/known-secrets.ts";
import { nearest } from "./engine/values/nearest.ts";
import { lines } from "./words/audience.ts";
import { explainFailure } from "./words/explain.ts";

declare const CROSSFADE_VERSION: string | undefined;

/** Set by the build; a checkout that runs from source says so. */
const version = typeof CROSSFADE_VERSION === "string" ? CROSSFADE_VERSION : "source";

const help: Command = {
  name: "help",
  operands: "[COMMAND]",
  summary: "Explain a command, or list them all",
  flags: {},
  run(_given, [name], { stdout }) {
    stdout.write(helpOf(name === undefined ? livePanel : commandNamed(name)));
    return Promise.resolve(exitCodes.done);
  },
};

const sayVersion: Command = {
  name: "version",
  summary: "Say which version this is",
  flags: {},
  run(_given, _operands, { stdout }) {
    stdout.write(`crossfade ${version}\n`);
    return Promise.resolve(exitCodes.done);
  },
};

const named: readonly Command[] = [...commands, help, sayVersion];
const all: readonly Command[] = [livePanel, ...named];

const helpOf = (command: Command): string =>
  command === livePanel ? `${programHelp(all)}\n${commandHelp(command)}` : commandHelp(command);

function commandNamed(word: string): Command {
  const command = named.find(({ name, aliases }) => name === word || aliases?.includes(word));
  if (command) return command;
  const meant = nearest(
    word,
    named.filter(({ hidden }) => hidden !== true).map(({ name }) => name),
  );
  throw new CommandError(
    "USAGE",
    `there is no command "${visible(word)}"`,
    `${meant === null ? "" : `did you mean crossfade ${meant}? `}crossfade help lists them`,
  );
}

const parserOptions = (flags: Flags): ParseOptions => {
  const options: ParseOptions = { help: { type: "boolean", short: "h" } };
  for (const [name, { type, short, multiple }] of Object.entries(flags)) {
    options[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      ...(multiple === undefined ? {} : { multiple }),
    };
  }
  return options;
};

/** Flags of all commands: before the command is known, they tell which words are values. */
const anyFlags: Flags = Object.assign({}, ...all.map(({ flags }) => flags)) as Flags;

/** The command that argv names, before or behind flags, and what is left of it. */
function pick(argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const { tokens } = parseArgs({ args: [...argv], options: parserOptions(anyFlags), strict: false, tokens: true });
  const word = tokens.find(({ kind }) => kind === "positional");
  if (word?.kind !== "positional") return { command: livePanel, rest: argv };
  return { command: commandNamed(word.value), rest: argv.toSpliced(word.index, 1) };
}

/** "Unknown option '--contxt'. …" in one sentence, with the flag that was most likely meant. */
function wrongFlags({ name, flags }: Command, thrown: unknown): CrossfadeError {
  const message = thrown instanceof Error ? (thrown.message.split(". ")[0] ?? thrown.message) : String(thrown);
  const unknown = /Unknown option '--([^']+)'/.exec(message)?.[1];
  const meant = unknown === undefined ? null : nearest(unknown, Object.keys(flags));
  const lists = `${["crossfade", name].filter((part) => part !== "").join(" ")} --help lists the flags`;
  return new CommandError("USAGE", visible(message), meant === null ? lists : `did you mean --${meant}? ${lists}`);
}

function parse(
  command: Command,
  rest: readonly string[],
): { readonly given: Given; readonly operands: readonly string[] } {
  const options = parserOptions(command.flags);
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
    return { given: values as Given, operands: positionals };
  } catch (thrown) {
    throw wrongFlags(command, thrown);
  }
}

async function obey(argv: readonly string[], world: World): Promise<number> {
  if (argv[0] === "--version" || argv[0] === "-v") {
    return sayVersion.run({}, [], world);
  }
  const { command, rest } = pick(argv);
  const { given, operands } = parse(command, rest);
  if (given.help === true) {
    world.stdout.write(helpOf(command));
    return exitCodes.done;
  }
  if (operands.length > 0 && command.operands === undefined) {
    throw new CommandError(
      "USAGE",
      `"${visible(operands[0] ?? "")}" is one word too many`,
      "crossfade --help shows how to write it",
    );
  }
  return command.run(given, operands, world);
}

const filtered = new WeakSet<NodeJS.WriteStream>();

/** The last filter on what is printed: whichever way a credential of ours came into a line, it is not in what leaves. */
function withoutSecrets(stream: NodeJS.WriteStream): void {
  if (filtered.has(stream)) return;
  filtered.add(stream);
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: readonly unknown[]) =>
    write(typeof chunk === "string" ? knownSecrets.hideInDocument(chunk) : chunk, ...rest);
}

/** Runs one command line; what was foreseen becomes one sentence and an exit code, the rest a stack trace of a bug. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  withoutSecrets(world.stdout);
  withoutSecrets(world.stderr);
  try {
    return await obey(argv, world);
  } catch (thrown) {
    const failure = toFailure(thrown);
    const { message, remedy } = knownSecrets.hideIn(explainFailure(failure, lines));
    const foreseen = thrown instanceof CrossfadeError || thrown instanceof Unavailable;
    if (world.signal.aborted && !foreseen) return exitCodes.interrupted;
    world.stderr.write(
      `crossfade: ${foreseen ? visible(message) : message.split("\n").map(visible).join("\n")}\n  → ${visible(remedy)}\n`,
    );
    return failure.code === "BUG" ? exitCodes.failed : exitCodeOfFailure(failure.code);
  }
}

/** A full disk under our output: a script that reads the file must not take it for whole. */
function lostOutput(error: Error, code: number, stderr: NodeJS.WriteStream): number {
  stderr.write(
    `crossfade: the output cannot be written: ${visible(error.message)}\n  → make room, then run it again\n`,
  );
  return code === exitCodes.done ? exitCodes.failed : code;
}

/** Whoever read our lines went away, or their terminal did: there is no fault in that. */
const readerGone: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO", "ECONNRESET"]);

/** The process: signals in, exit code out. */
export async function start(): Promise<void> {
  holdBuild();
  const interrupts = new Interrupts();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupts.hear(signal));
  const { stdin, stdout, stderr, env } = process;
  let unwritten: NodeJS.ErrnoException | null = null;
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (!readerGone.has(error.code)) unwritten ??= error;
    interrupts.hear("nobody-reads");
  });
  // Nobody is left to be told.
  stderr.on("error", () => undefined);
  const { signal } = interrupts;
  const code = await main(process.argv.slice(2), { env, stdin, stdout, stderr, signal, interrupts });
  await new Promise<void>((resolve) => stdout.write("", () => resolve()));
  process.exit(unwritten === null ? code : lostOutput(unwritten, code, stderr));
}
