import type { RollbackRunStep } from "../model/step.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "../observe/node-config-gone.ts";

/** No label and no CiliumNodeConfig: no agent takes a node over any more. */
export const rollbackNodeConfig: RollbackRunStep = {
  id: "rollback-node-config",
  timeoutMs: 10 * 60_000,
  observe: nodeConfigGone,
  apply: removeNodeConfigAndLabels,
};
