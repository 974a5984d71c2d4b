import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CrossfadeError } from "../../engine/model/errors.ts";
import type { Plan } from "../../engine/model/plan-types.ts";
import { readOwnFile } from "../../kube/process/read-own-file.ts";
import { CommandError } from "../command-error.ts";

/** What helm can keep, and our comments beside it. */
const mostBytes = 4 * 1024 * 1024;

const codeOf = (thrown: unknown) => (thrown as NodeJS.ErrnoException).code ?? "";

function refuse(folder: string, thrown: unknown): CrossfadeError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new CommandError(
    "USAGE",
    `the values files cannot be written to ${folder}: ${why}`,
    "name a folder of yours with --values DIR; the folder above it must exist",
  );
}

/** One level only: Node's recursive mkdir never returns below /proc, and a misspelt path should not become a tree. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) !== "EEXIST") throw refuse(folder, thrown);
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
 * The commented YAML for a person, and beside it the JSON that helm is handed. A file that is there and says something
 * else is somebody's work: nothing is written then. Returns the paths written.
 */
export function writeValues({ values }: Plan, folder: string): readonly string[] {
  const files = Object.entries({
    "values-initial.yaml": values.initialYaml,
    "values-final.yaml": values.finalYaml,
    "values-initial.json": `${JSON.stringify(values.initial, null, 2)}\n`,
    "values-final.json": `${JSON.stringify(values.final, null, 2)}\n`,
  }).map(([name, content]) => ({ path: join(folder, name), content }));
  makeFolder(folder);
  try {
    const before = files.map(({ path }) => contentOf(path));
    const changed = files.filter(({ content }, index) => ![null, content].includes(before[index] ?? null));
    if (changed.length > 0) throw keptBack(changed.map(({ path }) => path));
    const missing = files.filter((_, index) => before[index] === null);
    // Exclusive: a file or link that came in the meantime is not followed.
    for (const { path, content } of missing) writeFileSync(path, content, { mode: 0o600, flag: "wx" });
    return files.map(({ path }) => path);
  } catch (thrown) {
    throw thrown instanceof CrossfadeError ? thrown : refuse(folder, thrown);
  }
}

function keptBack(paths: readonly string[]): CrossfadeError {
  const [verb, them] = paths.length === 1 ? ["is", "it"] : ["are", "them"];
  return new CommandError(
    "USAGE",
    `${paths.join(", ")} ${verb} there already, and this plan has other values`,
    `move ${them} away, or name another folder with --values DIR`,
  );
}
