import { parseArgs } from "node:util";
import type { Command, Given, ParseOptions, World } from "./commands/command.ts";
import { commands } from "./commands/commands.ts";
import { exitCodeOfFailure, exitCodes } from "./commands/exit-codes.ts";
import { commandHelp, programHelp } from "./commands/help.ts";
import { Interrupts } from "./commands/interrupts.ts";
import { holdBuild } from "./commands/own-build.ts";
import { livePanel } from "./commands/panel.ts";
import { visible } from "./commands/visible.ts";
import { withoutKeys } from "./commands/without-keys.ts";
import { CouldNotAsk, CrossfadeError, toFailure } from "./engine/errors.ts";
import { knownSecrets } from "./engine/known-secrets.ts";

declare const CROSSFADE_VERSION: string | undefined;

/** Set by the build; a checkout that runs from source says so. */
const version = typeof CROSSFADE_VERSION === "string" ? CROSSFADE_VERSION : "source";

const all: readonly Command[] = [livePanel, ...commands];

/** The command that argv names, and what is left of it. */
function pick(argv: readonly string[]): { readonly command: Command; readonly rest: readonly string[] } {
  const [first] = argv;
  if (first === undefined || first.startsWith("-")) return { command: livePanel, rest: argv };
  const command = commands.find(({ name, aliases }) => name === first || aliases?.includes(first));
  if (command) return { command, rest: argv.slice(1) };
  throw new CrossfadeError("USAGE", `there is no command "${visible(first)}"`, "crossfade --help lists them");
}

function parse(
  command: Command,
  rest: readonly string[],
): { readonly given: Given; readonly operands: readonly string[] } {
  const options: ParseOptions = { help: { type: "boolean", short: "h" } };
  for (const [name, { type, short, multiple }] of Object.entries(command.flags)) {
    options[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      ...(multiple === undefined ? {} : { multiple }),
    };
  }
  try {
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
    return { given: values as Given, operands: positionals };
  } catch (thrown) {
    const message = thrown instanceof Error ? (thrown.message.split(". ")[0] ?? thrown.message) : String(thrown);
    const help = command.name === "" ? "crossfade --help" : `crossfade ${command.name} --help`;
    throw new CrossfadeError("USAGE", visible(message), `${help} lists the flags`);
  }
}

async function obey(argv: readonly string[], world: World): Promise<number> {
  if (argv[0] === "--version" || argv[0] === "-v") {
    world.stdout.write(`crossfade ${version}\n`);
    return exitCodes.done;
  }
  const { command, rest } = pick(argv);
  const { given, operands } = parse(command, rest);
  if (given.help === true) {
    world.stdout.write(command.name === "" ? `${programHelp(all)}\n${commandHelp(command)}` : commandHelp(command));
    return exitCodes.done;
  }
  if (operands.length > 0 && command.operands === undefined) {
    throw new CrossfadeError(
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
    const { message, remedy, code } = knownSecrets.hideIn(toFailure(thrown));
    const foreseen = thrown instanceof CrossfadeError || thrown instanceof CouldNotAsk;
    if (world.signal.aborted && !foreseen) return exitCodes.interrupted;
    world.stderr.write(
      `crossfade: ${foreseen ? visible(message) : message.split("\n").map(visible).join("\n")}\n  → ${visible(withoutKeys(remedy))}\n`,
    );
    return code === "BUG" ? exitCodes.failed : exitCodeOfFailure(code);
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
