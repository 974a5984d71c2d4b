import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What people and package managers start: it leads to one of the builds beside it. */
const pointer = "dist/crossfade.mjs";

/** What a build is made of; a file that was taken away shows in its folder. */
const sources = ["src", "packages", "scripts", "package.json", "package-lock.json", "tsconfig.json"];

const changedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function newestIn(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const below = readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => changedMs(join(path, name)));
  return Math.max(found.mtimeMs, ...below);
}

/** The folder that the pointer leads to; null before the first build. */
function pointedTo(root: string): string | null {
  try {
    return /"\.\/(build-[^/"]+)\//.exec(readFileSync(join(root, pointer), "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Whether the build that is started is there whole, and nothing that it is made of is newer. */
export function isUpToDate(root: string): boolean {
  const folder = pointedTo(root);
  if (folder === null || changedMs(join(root, "dist", folder, "crossfade.mjs")) === 0) return false;
  return changedMs(join(root, pointer)) > Math.max(...sources.map((path) => newestIn(join(root, path))));
}

/** From one moment to the next the other build is started: there is none in which there is no program. */
export function pointTo(root: string, folder: string, builtAt: Date): void {
  const aside = join(root, "dist", `.crossfade-${process.pid}.mjs`);
  writeFileSync(aside, `#!/usr/bin/env node\nimport "./${folder}/crossfade.mjs";\n`);
  chmodSync(aside, 0o755);
  utimesSync(aside, builtAt, builtAt);
  renameSync(aside, join(root, pointer));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A program leaves a file with its process's number in the build that it was started from. */
function isUsed(folder: string): boolean {
  const users = readdirSync(folder).flatMap((name) => /^used-by-(\d+)$/.exec(name)?.[1] ?? []);
  return users.some((pid) => isAlive(Number(pid)));
}

/**
 * Removes the builds that nobody runs, but for the newest few: a program that has just been started may not have said yet
 * which one it is.
 */
export function removeUnused(root: string, keep: number): void {
  const dist = join(root, "dist");
  const current = pointedTo(root);
  const folders = readdirSync(dist).filter((name) => name.startsWith("build-"));
  const newest = folders.toSorted((a, b) => changedMs(join(dist, b)) - changedMs(join(dist, a))).slice(0, keep);
  for (const folder of folders) {
    if (folder === current || newest.includes(folder) || isUsed(join(dist, folder))) continue;
    rmSync(join(dist, folder), { recursive: true, force: true });
  }
}
