import type { KubeletTimings } from "crossfade-lab/kubelet/timings.ts";

/** Short, so that a test spends its time on the engine; never zero, so that everything still happens in order. */
export const shortTimings: Partial<KubeletTimings> = {
  sandbox: { lowMs: 100, highMs: 300 },
  pull: { lowMs: 100, highMs: 500 },
  create: { lowMs: 50, highMs: 150 },
  warmUp: { lowMs: 200, highMs: 800 },
  stop: { lowMs: 100, highMs: 800 },
  task: { lowMs: 100, highMs: 400 },
  reboot: { lowMs: 3_000, highMs: 6_000 },
  runtime: { lowMs: 300, highMs: 800 },
};
