import { pause } from "../../clock.ts";
import type { ExecResult } from "../../program.ts";
import { failed, printed, split, type Tool, type ToolScope } from "./tool.ts";

function lines(text: string): string[] {
  return text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
}

function joined(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

const echo: Tool = (argv) => {
  const bare = argv[1] === "-n";
  const text = argv.slice(bare ? 2 : 1).join(" ");
  return printed(bare ? text : `${text}\n`);
};

const env: Tool = (_argv, scope) =>
  printed(joined(Object.entries(scope.env).map(([name, value]) => `${name}=${value}`)));

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Lab time: `sleep 5` in a fast lab is short on the wall. */
const sleep: Tool = async (argv, { clock, signal }) => {
  const word = argv[1] ?? "";
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word);
  if (!match && word !== "infinity" && word !== "inf") return failed(1, `sleep: invalid number '${word}'`);
  if (match) await pause(clock, Number(match[1]) * (seconds[match[2] || "s"] ?? 1) * 1_000, signal);
  else await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  return signal.aborted ? { stdout: "", stderr: "", exitCode: 143 } : printed("");
};

const id: Tool = (argv) => printed(argv[1] === "-u" ? "0\n" : "uid=0(root) gid=0(root) groups=0(root)\n");

/** Text of the named files, or what came through the pipe. */
async function input(paths: readonly string[], scope: ToolScope): Promise<string> {
  return paths.length === 0 ? scope.stdin() : paths.map((path) => scope.files.read(path) ?? "").join("");
}

function pattern(text: string, flags: ReadonlySet<string>): RegExp {
  const source = flags.has("F") ? text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : text;
  return new RegExp(source, flags.has("i") ? "i" : "");
}

const grep: Tool = async (argv, scope) => {
  const { flags, operands } = split(argv);
  const [wanted = "", ...paths] = operands;
  if (flags.has("H")) return withNames(wanted, paths, scope);
  const found = lines(await input(paths, scope)).filter((line) => pattern(wanted, flags).test(line) !== flags.has("v"));
  const stdout = flags.has("q") ? "" : flags.has("c") ? `${found.length}\n` : joined(found);
  return { stdout, stderr: "", exitCode: found.length > 0 ? 0 : 1 };
};

/** grep -H: each line after the path of its file; a file that is not there is a complaint, and exit 2. */
function withNames(wanted: string, paths: readonly string[], { files }: ToolScope): ExecResult {
  const read = paths.map((path) => ({ path, text: files.read(path) }));
  const stderr = read
    .filter(({ text }) => text === undefined)
    .map(({ path }) => `grep: ${path}: ${files.isFolder(path) ? "Is a directory" : "No such file or directory"}\n`)
    .join("");
  const stdout = read
    .flatMap(({ path, text = "" }) => (text === "" ? [] : lines(text)).map((line) => ({ path, line })))
    .filter(({ line }) => pattern(wanted, new Set()).test(line))
    .map(({ path, line }) => `${path}:${line}\n`)
    .join("");
  if (stderr !== "") return { stdout, stderr, exitCode: 2 };
  return { stdout, stderr, exitCode: stdout === "" ? 1 : 0 };
}

const wc: Tool = async (argv, scope) => {
  const { flags, operands } = split(argv);
  const text = await input(operands, scope);
  return printed(`${flags.has("c") ? Buffer.byteLength(text) : lines(text).length}\n`);
};

/** head and tail: -n N, -nN and -N. */
const end =
  (name: "head" | "tail"): Tool =>
  async (argv, scope) => {
    const words = argv.slice(1);
    const at = words.findIndex((word) => word.startsWith("-"));
    const flag = at < 0 ? "" : (words.splice(at, words[at] === "-n" ? 2 : 1).at(-1) ?? "");
    const count = Number(flag.replace(/^-n?/, "") || 10);
    const all = lines(await input(words, scope));
    return printed(joined(name === "head" ? all.slice(0, count) : all.slice(-count)));
  };

const sort: Tool = async (argv, scope) => {
  const { flags, operands } = split(argv);
  const all = lines(await input(operands, scope)).sort();
  return printed(joined(flags.has("u") ? [...new Set(all)] : all));
};

const uname: Tool = (argv, { machine, hostname }) => {
  const { flags } = split(argv);
  if (flags.has("r")) return printed(`${machine.kernelVersion}\n`);
  if (flags.has("n")) return printed(`${hostname}\n`);
  return printed(flags.has("a") ? `Linux ${hostname} ${machine.kernelVersion} x86_64 GNU/Linux\n` : "Linux\n");
};

/** Commands that print, and the shell's own. */
export const textTools: Readonly<Record<string, Tool>> = {
  echo,
  env,
  printenv: env,
  hostname: (_argv, scope) => printed(`${scope.hostname}\n`),
  true: () => printed(""),
  ":": () => printed(""),
  // Whether a container hears a signal is the kubelet's to know.
  trap: () => printed(""),
  false: () => ({ stdout: "", stderr: "", exitCode: 1 }),
  sleep,
  id,
  whoami: () => printed("root\n"),
  date: (_argv, { clock }) => printed(`${new Date(clock.now()).toUTCString()}\n`),
  uname,
  grep,
  wc,
  head: end("head"),
  tail: end("tail"),
  sort,
};
