import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The bundle's entry, in a copy that nobody builds over while the journeys run. */
    readonly program: string;
  }
}

const root = new URL("../../", import.meta.url).pathname;

/** The bundle's entry, in a copy that nobody builds over; built anew only where it is older than what it is built from. */
export function builtProgram(): { readonly program: string; readonly remove: () => void } {
  execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
  const copies = join(root, "node_modules/.cache");
  mkdirSync(copies, { recursive: true });
  const copy = mkdtempSync(join(copies, "journeys-"));
  cpSync(join(root, "dist"), copy, { recursive: true });
  return { program: join(copy, "crossfade.mjs"), remove: () => rmSync(copy, { recursive: true, force: true }) };
}

/** Once per run of vitest. */
export default function setup({ provide }: TestProject): () => void {
  const { program, remove } = builtProgram();
  provide("program", program);
  return remove;
}
