import { recreate } from "../drain/recreate.ts";
import type { UndoStep } from "../model/step.ts";
import { noneLeft } from "../observe/none-left.ts";

/** Recreates what still holds a Cilium address: DaemonSet pods, which no drain moves. */
export const undoRecycle: UndoStep = {
  id: "undo-recycle",
  title: "Recreate pods that still hold a new address",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  observe: (scope) => noneLeft(scope, "cilium"),
  apply: (scope) => recreate(scope, "cilium"),
};
