import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nightly, ofTheLab } from "../test/what-runs-when.ts";

const root = new URL("../", import.meta.url).pathname;
const tested = join(root, "packages/lab/tested.json");

/** Files below a folder of the repository, by their paths from its root. */
const below = (folder: string): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((path) => !path.includes("node_modules/"))
    .toSorted();

/** Every file of tests. */
export const testFiles = (): readonly string[] =>
  ["test", "packages"].flatMap(below).filter((path) => /\.test\.tsx?$/.test(path));

const isIn = (paths: readonly string[]) => (file: string) => paths.some((path) => file.startsWith(path));

/** Whether a file runs: those that take long do at night, those of the lab when the lab changed. */
export const allows =
  (wanted: { readonly nightly: boolean; readonly lab: boolean }) =>
  (file: string): boolean =>
    (wanted.nightly || !isIn(Object.keys(nightly))(file)) && (wanted.lab || !isIn(ofTheLab)(file));

/** Arguments with which vitest leaves these out. */
export const without = (paths: readonly string[]): readonly string[] =>
  paths.map((path) => `--exclude=${path.endsWith("/") ? `${path}**` : path}`);

/** What the lab and its tests are made of, as one hash. */
export function labNow(): string {
  const hash = createHash("sha256");
  for (const path of ["packages/lab", ...ofTheLab.filter((one) => !one.startsWith("packages/lab"))].flatMap(below)) {
    if (path.endsWith(".md") || path === "packages/lab/tested.json") continue;
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Whether the lab is as it was when its tests passed last. */
export const labIsTested = (): boolean =>
  (JSON.parse(readFileSync(tested, "utf8")) as { readonly sources: string }).sources === labNow();

/** To be called once the lab's tests have passed. */
export const noteLabTested = (): void => writeFileSync(tested, `${JSON.stringify({ sources: labNow() }, null, 2)}\n`);
