import { sourceBack, sourceIsBack } from "../cleaning/source-back.ts";
import { done, waiting } from "../model/observation.ts";
import type { RunStep } from "../model/step.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "../observe/node-config-gone.ts";

/** Removes our probes; the record stays until the namespace crossfade is deleted. */
export const report: RunStep = {
  id: "report",
  timeoutMs: 10 * 60_000,
  async observe(scope) {
    if (await sourceIsBack(scope)) throw await sourceBack(scope, null);
    const marks = await nodeConfigGone(scope);
    if (!marks.done) return marks;
    const left = (await scope.ports.prober.pods()).length;
    return left === 0 ? done : waiting("probe-pods-left", { count: left });
  },
  /** A node that joined late was handed over like the others, after their marks were removed. */
  async apply(scope) {
    await removeNodeConfigAndLabels(scope);
    await scope.ports.prober.remove();
  },
  rollback: "point-of-no-return",
};
