import type { RunStep } from "../model/step.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "../observe/node-config-gone.ts";

/** Last of the hybrid phase to go: before the ConfigMap carries the same keys, an agent's restart would let the node go. */
export const removeNodeConfig: RunStep = {
  id: "remove-node-config",
  timeoutMs: 10 * 60_000,
  observe: nodeConfigGone,
  apply: removeNodeConfigAndLabels,
  rollback: "nothing-to-roll-back",
};
