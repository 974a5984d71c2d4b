import { closeSync, fsyncSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../engine/model/plan-types.ts";
import type { Archive, ArchivedFiles, Kept } from "../engine/model/ports/archive.ts";
import { objectYaml, saysObjects } from "./object-yaml.ts";
import { makeFolder, openOwnFile } from "./own-folder.ts";

/** Where this run's objects are, by the beginning of its plan's hash. */
const folderOf = (base: string, planHash: string) => `${base}.source-${planHash.slice(0, 12)}`;

/** Whole or not at all, and on the disk before it counts as kept. */
function write(folder: string, name: string, objects: readonly JsonObject[]): void {
  const path = join(folder, name);
  const aside = `${path}.${process.pid}`;
  const file = openOwnFile(aside, "anew");
  try {
    const text = Buffer.from(objectYaml(objects));
    for (let at = 0; at < text.length; ) at += writeSync(file, text, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  if (!saysObjects(readFileSync(path, "utf8"), objects)) throw new Error(`${path} does not say what was written to it`);
}

/** What is deleted for good, as YAML in a folder of its own beside the journal, which only we can read. */
export class LocalArchive implements Archive {
  readonly isUnwanted: boolean;
  readonly #base: string;

  constructor(base: string, { isUnwanted = false }: { readonly isUnwanted?: boolean } = {}) {
    this.#base = base;
    this.isUnwanted = isUnwanted;
  }

  keep(planHash: string, files: ArchivedFiles): Kept {
    const folder = folderOf(this.#base, planHash);
    try {
      makeFolder(folder);
      for (const [name, objects] of Object.entries(files)) write(folder, name, objects);
      return { folder, why: null };
    } catch (thrown) {
      return { folder, why: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
}
