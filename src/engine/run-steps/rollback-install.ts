import { done, waiting } from "../model/observation.ts";
import type { RollbackRunStep } from "../model/step.ts";

/** Uninstalls the Helm release. */
export const rollbackInstall: RollbackRunStep = {
  id: "rollback-install",
  timeoutMs: 15 * 60_000,
  async observe({ ports }) {
    if (await ports.installer.release()) return waiting("the Helm release to go", "helm");
    const agents = (await ports.cilium.agents()).length;
    return agents === 0 ? done : waiting(`${agents} agents to stop`, "their DaemonSet's deletion");
  },
  async apply({ ports, signal }) {
    if (await ports.installer.release()) await ports.installer.uninstall(signal);
  },
};
