import { lstatSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** The permissions of a file or folder itself, not of what a link leads to. */
export const mode = (path: string): number => lstatSync(path).mode & 0o777;

/** A folder for each test of the file, with a umask of 0: whatever the shell says, our modes must not rest on it. */
export function withPrivateFolder(name: string): () => string {
  let folder = "";
  let umask = 0;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), name));
    umask = process.umask(0);
  });
  afterEach(() => {
    process.umask(umask);
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}
