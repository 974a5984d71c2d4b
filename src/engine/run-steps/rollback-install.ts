import { done, waiting } from "../model/observation.ts";
import type { RollbackRunStep } from "../model/step.ts";

/** Uninstalls the Helm release. */
export const rollbackInstall: RollbackRunStep = {
  id: "rollback-install",
  timeoutMs: 15 * 60_000,
  async observe({ ports }) {
    if (await ports.installer.release()) return waiting("release-left", {});
    const agents = (await ports.cilium.agents()).length;
    return agents === 0 ? done : waiting("agents-left", { count: agents });
  },
  async apply({ ports, signal }) {
    if (await ports.installer.release()) await ports.installer.uninstall(signal);
  },
};
