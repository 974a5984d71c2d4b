import type { UndoRunStep } from "../model/step.ts";
import { nodeConfigGone, removeNodeConfigAndLabels } from "../observe/node-config-gone.ts";

/** No label and no CiliumNodeConfig: no agent takes a node over any more. */
export const undoNodeConfig: UndoRunStep = {
  id: "undo-node-config",
  title: "Remove the CiliumNodeConfig and the labels",
  timeoutMs: 10 * 60_000,
  observe: nodeConfigGone,
  apply: removeNodeConfigAndLabels,
};
