import { posix } from "node:path";
import type { ExecResult } from "../../program.ts";
import { FileFault } from "./container-files.ts";
import { failed, printed, split, type Tool, type ToolScope } from "./tool.ts";

const missing = "No such file or directory";

/** Runs `act` for each operand; what the kernel refuses becomes a line on stderr and exit 1. */
function each(operands: readonly string[], name: string, act: (path: string) => string): ExecResult {
  let stdout = "";
  let stderr = "";
  for (const path of operands) {
    try {
      stdout += act(path);
    } catch (error) {
      if (!(error instanceof FileFault)) throw error;
      stderr += `${name}: ${error.message}\n`;
    }
  }
  return { stdout, stderr, exitCode: stderr ? 1 : 0 };
}

function attempt(what: string, act: () => void): string {
  try {
    act();
    return "";
  } catch (error) {
    if (error instanceof FileFault) throw new FileFault(`${what}: ${error.message}`);
    throw error;
  }
}

const cat: Tool = async (argv, { files, stdin }) => {
  const { operands } = split(argv);
  if (operands.length === 0) return printed(await stdin());
  return each(operands, "cat", (path) => {
    const text = files.read(path);
    if (text !== undefined) return text;
    throw new FileFault(`${path}: ${files.isFolder(path) ? "Is a directory" : missing}`);
  });
};

function longLine(scope: ToolScope, folder: string, name: string): string {
  const path = posix.join(folder, name);
  if (scope.files.isFolder(path)) return `drwxr-xr-x 2 root root 4096 Jan  1 00:00 ${name}`;
  const size = Buffer.byteLength(scope.files.read(path) ?? "");
  return `-rw-r--r-- 1 root root ${String(size).padStart(4)} Jan  1 00:00 ${name}`;
}

const ls: Tool = (argv, scope) => {
  const { flags, operands } = split(argv);
  const paths = operands.length > 0 ? operands : ["/"];
  const { files } = scope;
  const line = (folder: string, name: string) => (flags.has("l") ? longLine(scope, folder, name) : name);
  const result = each(paths, "ls", (path) => {
    if (scope.files.read(path) !== undefined) return `${line("", path)}\n`;
    const names = scope.files.list(path);
    if (!names) throw new FileFault(`cannot access '${path}': ${missing}`);
    const hidden = flags.has("a") || flags.has("A");
    const shown = [...(flags.has("a") ? [".", ".."] : []), ...names.filter((name) => hidden || !name.startsWith("."))];
    const heading = paths.length > 1 ? `${path}:\n` : "";
    const mark = (name: string) => (flags.has("p") && files.isFolder(posix.join(path, name)) ? "/" : "");
    return heading + shown.map((name) => `${line(path, name)}${mark(name)}\n`).join("");
  });
  return result.exitCode === 0 ? result : { ...result, exitCode: 2 };
};

/** The last operand is where to: a folder, or a new name. */
function target(scope: ToolScope, from: string, to: string): string {
  return scope.files.isFolder(to) ? posix.join(to, posix.basename(from)) : to;
}

const transfer =
  (name: string, keep: boolean): Tool =>
  (argv, scope) => {
    const operands = split(argv).operands;
    const to = operands.pop();
    if (to === undefined || operands.length === 0) return failed(1, `${name}: missing file operand`);
    return each(operands, name, (from) => {
      const text = scope.files.read(from);
      if (text === undefined) throw new FileFault(`cannot stat '${from}': ${missing}`);
      const goal = target(scope, from, to);
      attempt(`cannot create regular file '${goal}'`, () => scope.files.write(goal, text));
      return keep || goal === from ? "" : attempt(`cannot remove '${from}'`, () => scope.files.remove(from));
    });
  };

const rm: Tool = (argv, { files }) => {
  const { flags, operands } = split(argv);
  const wholeTree = flags.has("r") || flags.has("R") || flags.has("recursive");
  return each(operands, "rm", (path) => {
    if (files.isFolder(path) && !wholeTree) throw new FileFault(`cannot remove '${path}': Is a directory`);
    return attempt(`cannot remove '${path}'`, () => {
      const was = wholeTree ? files.removeTree(path) : files.remove(path);
      if (!was && !flags.has("f") && !flags.has("force")) throw new FileFault(missing);
    });
  });
};

const mkdir: Tool = (argv, { files }) => {
  const { flags, operands } = split(argv);
  return each(operands, "mkdir", (path) =>
    attempt(`cannot create directory '${path}'`, () => {
      if (files.isFolder(path) && !flags.has("p")) throw new FileFault("File exists");
      files.makeFolder(path);
    }),
  );
};

const touch: Tool = (argv, { files }) =>
  each(split(argv).operands, "touch", (path) =>
    attempt(`cannot touch '${path}'`, () => files.write(path, files.read(path) ?? "")),
  );

/** test and [ : -f -e -d -s -n -z, = and !=, with ! before. */
const test: Tool = (argv, scope) => {
  const words = argv.slice(1);
  if (argv[0] === "[" && words.pop() !== "]") return failed(2, "sh: [: missing ]");
  const negated = words[0] === "!";
  const holds = judge(negated ? words.slice(1) : words, scope);
  if (holds === null) return failed(2, `sh: ${argv[0]}: ${words.join(" ")}: the lab does not know this test`);
  return { stdout: "", stderr: "", exitCode: holds === negated ? 1 : 0 };
};

function judge(words: readonly string[], { files }: ToolScope): boolean | null {
  const [first = "", second = "", third = ""] = words;
  if (words.length < 2) return first !== "";
  const singles: Readonly<Record<string, () => boolean>> = {
    "-f": () => files.read(second) !== undefined,
    "-e": () => files.read(second) !== undefined || files.isFolder(second),
    "-d": () => files.isFolder(second),
    "-s": () => (files.read(second) ?? "") !== "",
    "-n": () => second !== "",
    "-z": () => second === "",
  };
  const pairs: Readonly<Record<string, () => boolean>> = {
    "=": () => first === third,
    "==": () => first === third,
    "!=": () => first !== third,
  };
  return (words.length === 2 ? singles[first] : pairs[second])?.() ?? null;
}

/** Commands on files; all paths are those of the container, mounts included. */
export const fileTools: Readonly<Record<string, Tool>> = {
  cat,
  ls,
  mv: transfer("mv", false),
  cp: transfer("cp", true),
  rm,
  mkdir,
  touch,
  test,
  "[": test,
};
