import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import { readOwnFile } from "../../kube/process/read-own-file.ts";
import { CommandError } from "../command-error.ts";

/** Far above what an API server keeps in one object, or helm in one release. */
const mostBytes = 64 * 1024 * 1024;

/** What the files are, for whoever reads why they could not be written. */
export interface FilesInWords {
  /** "the values files". */
  readonly what: string;
  /** "--values DIR". */
  readonly flag: string;
  /** What is so where a file is there and says something else: "this plan has other values". */
  readonly differs: string;
}

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code ?? "";

function refuse(folder: string, { what, flag }: FilesInWords, thrown: unknown): CrossfadeError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new CommandError(
    "USAGE",
    `${what} cannot be written to ${folder}: ${why}`,
    `name a folder of yours with ${flag}; the folder above it must exist`,
  );
}

/** One level only: Node's recursive mkdir never returns below /proc, and a misspelt path should not become a tree. */
function makeFolder(folder: string, words: FilesInWords): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw refuse(folder, words, thrown);
  }
}

/** Null where there is no such file. */
function contentOf(path: string): string | null {
  try {
    return readOwnFile(path, mostBytes);
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return null;
    throw thrown;
  }
}

/**
 * Files by name into a folder, which is made where it is missing. A file that is there and says something else is somebody's work:
 * nothing is written then. Returns the paths written.
 */
export function writeFiles(
  contents: Readonly<Record<string, string>>,
  folder: string,
  words: FilesInWords,
): readonly string[] {
  const files = Object.entries(contents).map(([name, content]) => ({ path: join(folder, name), content }));
  makeFolder(folder, words);
  try {
    const before = files.map(({ path }) => contentOf(path));
    const changed = files.filter(({ content }, index) => ![null, content].includes(before[index] ?? null));
    if (changed.length > 0)
      throw keptBack(
        changed.map(({ path }) => path),
        words,
      );
    const missing = files.filter((_, index) => before[index] === null);
    // Exclusive: a file or link that came in the meantime is not followed.
    for (const { path, content } of missing) writeFileSync(path, content, { mode: 0o600, flag: "wx" });
    return files.map(({ path }) => path);
  } catch (thrown) {
    throw thrown instanceof CrossfadeError ? thrown : refuse(folder, words, thrown);
  }
}

function keptBack(paths: readonly string[], { flag, differs }: FilesInWords): CrossfadeError {
  const [verb, them] = paths.length === 1 ? ["is", "it"] : ["are", "them"];
  return new CommandError(
    "USAGE",
    `${paths.join(", ")} ${verb} there already, and ${differs}`,
    `move ${them} away, or name another folder with ${flag}`,
  );
}
