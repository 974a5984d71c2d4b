import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import type { Environment } from "../auth/kubeconfig.ts";

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    // Not here; the next folder may have it.
    return false;
  }
}

/**
 * The program that a bare name means on PATH, or null; a path (with "/") is taken as it is written. Only absolute folders
 * count, as in Go's own look-up: nothing is run because of the folder that somebody stands in.
 */
export function findProgram(name: string, env: Environment): string | null {
  if (name.includes("/")) return name;
  const folders = (env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

/** Why a bare name means no program, in words that say where was looked. */
export const notOnPath = (name: string): string => `${name} is in none of the absolute folders of PATH`;
