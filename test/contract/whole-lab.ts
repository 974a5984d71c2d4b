import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLab } from "crossfade-lab/lab.ts";
import { defaultLabOptions } from "crossfade-lab/lab-options.ts";
import type { Subject } from "./subject.ts";

/** The embedded cluster as the demo has it, ten times as fast as the wall. */
export async function startWholeLab(): Promise<Subject> {
  const faults: unknown[] = [];
  const lab = await createLab({ ...defaultLabOptions, pods: 4, speed: 10, onFault: (fault) => faults.push(fault) });
  const folder = mkdtempSync(path.join(tmpdir(), "crossfade-contract-"));
  return {
    kubeconfig: lab.address.kubeconfig,
    folder,
    runsPods: true,
    faults: () => faults,
    async close() {
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
