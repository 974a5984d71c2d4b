import { posix } from "node:path";
import type { ExecResult } from "../../program.ts";
import { clean, FileFault } from "./container-files.ts";
import { parseShell, type Redirect, ShellSyntax, type ShellWord, type SimpleCommand } from "./shell-words.ts";
import { failed, type ToolScope } from "./tool.ts";

/** Runs one command that is not the shell's own. */
export type RunCommand = (argv: readonly string[], scope: ToolScope) => Promise<ExecResult>;

interface Progress {
  stdout: string;
  stderr: string;
  /** $? */
  status: number;
  /** What the next command of a pipe reads. */
  piped: string;
  exited: boolean;
}

/** `sh -c SCRIPT`: simple commands joined by ; && || and |, with redirections, $NAME, $? and exit. */
export async function runShell(argv: readonly string[], scope: ToolScope, run: RunCommand): Promise<ExecResult> {
  const at = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const script = at < 0 ? await scope.stdin() : (argv[at + 1] ?? "");
  const stopsAtFailure = argv[at]?.includes("e") ?? false;
  const progress: Progress = { stdout: "", stderr: "", status: 0, piped: "", exited: false };
  try {
    await runScript(script, { scope, run, progress, stopsAtFailure });
  } catch (error) {
    if (!(error instanceof ShellSyntax)) throw error;
    return failed(2, `sh: ${error.message}`);
  }
  return { stdout: progress.stdout, stderr: progress.stderr, exitCode: progress.status };
}

interface Session {
  readonly scope: ToolScope;
  readonly run: RunCommand;
  readonly progress: Progress;
  /** sh -e */
  readonly stopsAtFailure: boolean;
}

async function runScript(script: string, { scope, run, progress, stopsAtFailure }: Session): Promise<void> {
  const expand = (name: string) => (name === "?" ? String(progress.status) : (scope.env[name] ?? ""));
  // $? changes from command to command, so each is read again when its turn comes.
  for (let index = 0; !progress.exited; index += 1) {
    const all = parseShell(script, expand);
    const command = all[index];
    if (!command) return;
    if (!isDue(command, progress)) continue;
    const next = all[index + 1]?.after ?? "then";
    await step(command, { scope, run, progress, pipes: next === "pipe" });
    if (stopsAtFailure && progress.status !== 0 && next === "then") return;
  }
}

function isDue(command: SimpleCommand, { status }: Progress): boolean {
  if (command.after === "and") return status === 0;
  return command.after === "or" ? status !== 0 : true;
}

interface Turn {
  readonly scope: ToolScope;
  readonly run: RunCommand;
  readonly progress: Progress;
  /** Its output goes to the next command. */
  readonly pipes: boolean;
}

async function step(command: SimpleCommand, { scope, run, progress, pipes }: Turn): Promise<void> {
  const argv = command.words.flatMap((word) => spread(word, scope));
  const text = readInput(command, scope) ?? (command.after === "pipe" ? progress.piped : undefined);
  const stdin = text === undefined ? scope.stdin : () => Promise.resolve(text);
  const result = await perform(argv, { ...scope, stdin }, { run, progress });
  const { stdout, stderr, exitCode } = redirected(command, result, scope);
  progress.stderr += stderr;
  progress.status = exitCode;
  progress.piped = pipes ? stdout : "";
  if (!pipes) progress.stdout += stdout;
}

async function perform(
  argv: readonly string[],
  scope: ToolScope,
  session: { readonly run: RunCommand; readonly progress: Progress },
): Promise<ExecResult> {
  const [name, ...rest] = argv;
  const { run, progress } = session;
  const done = (exitCode: number) => ({ stdout: "", stderr: "", exitCode });
  if (name === undefined || name === "set") return done(0);
  if (name === "exit") {
    progress.exited = true;
    return done(Number(rest[0] ?? progress.status) & 255);
  }
  if (name === "exec") return perform(rest, scope, session);
  if (name === "!") {
    const result = await perform(rest, scope, session);
    return { ...result, exitCode: result.exitCode === 0 ? 1 : 0 };
  }
  const result = await run(argv, scope);
  return result.exitCode === 127 ? failed(127, `sh: ${name}: not found`) : result;
}

function readInput(command: SimpleCommand, { files }: ToolScope): string | undefined {
  const file = command.redirects.find(({ how }) => how === "read")?.file.text;
  return file === undefined ? undefined : (files.read(file) ?? "");
}

function redirected(command: SimpleCommand, result: ExecResult, scope: ToolScope): ExecResult {
  return command.redirects.reduce(
    (so, redirect) => (redirect.how === "read" ? so : turned(so, redirect, scope)),
    result,
  );
}

function turned(result: ExecResult, redirect: Redirect, { files }: ToolScope): ExecResult {
  const { how, file } = redirect;
  const stream = redirect.stream === "stderr" ? "stderr" : "stdout";
  const other = stream === "stderr" ? "stdout" : "stderr";
  const text = result[stream];
  if (how === "merge") return { ...result, [stream]: "", [other]: result[other] + text };
  const fault = save(files, file.text, { text, appends: how === "append" });
  const emptied = { ...result, [stream]: "" };
  if (!fault) return emptied;
  return { ...emptied, stderr: `${emptied.stderr}sh: can't create ${file.text}: ${fault}\n`, exitCode: 1 };
}

function save(
  files: ToolScope["files"],
  path: string,
  { text, appends }: { readonly text: string; readonly appends: boolean },
): string | null {
  if (path === "/dev/null") return null;
  try {
    files.write(path, appends ? (files.read(path) ?? "") + text : text);
    return null;
  } catch (error) {
    if (error instanceof FileFault) return error.message;
    throw error;
  }
}

/** A pattern in the last part of a path becomes the files it fits; one that fits none stays as it is. */
function spread({ text, glob }: ShellWord, { files }: ToolScope): string[] {
  if (!glob) return [text];
  const folder = posix.dirname(text);
  const source = posix
    .basename(text)
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const fits = new RegExp(`^${source}$`);
  const names = (files.list(clean(folder)) ?? []).filter((name) => fits.test(name) && !name.startsWith("."));
  return names.length > 0 ? names.map((name) => posix.join(folder, name)) : [text];
}
