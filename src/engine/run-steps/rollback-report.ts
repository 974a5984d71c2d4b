import { done, waiting } from "../model/observation.ts";
import type { RollbackRunStep } from "../model/step.ts";

/** Removes our probes. */
export const rollbackReport: RollbackRunStep = {
  id: "rollback-report",
  timeoutMs: 10 * 60_000,
  async observe({ ports }) {
    const left = (await ports.prober.pods()).length + (await ports.lookers.list()).length;
    return left === 0 ? done : waiting("probe-pods-left", { count: left });
  },
  async apply({ ports }) {
    await ports.prober.remove();
    // Where the run ended in the step that has them.
    await ports.lookers.stop();
  },
};
