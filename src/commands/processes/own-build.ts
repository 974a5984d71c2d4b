import { rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The program that this process runs, of this build, whatever dist/crossfade.mjs points to meanwhile. */
export const ownEntry = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../crossfade.ts" : "./crossfade.mjs", import.meta.url),
);

/** Says in the build's folder that it is in use: a later build removes only those that nobody runs. */
export function holdBuild(entry: string = ownEntry): void {
  const folder = dirname(entry);
  if (!basename(folder).startsWith("build-")) return;
  const mark = join(folder, `used-by-${process.pid}`);
  try {
    writeFileSync(mark, "");
  } catch {
    // Where the folder cannot be written, nobody builds either.
    return;
  }
  process.once("exit", () => rmSync(mark, { force: true }));
}
