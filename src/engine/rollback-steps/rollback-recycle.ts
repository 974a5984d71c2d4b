import { recreate } from "../drain/recreate.ts";
import type { RollbackStep } from "../model/step.ts";
import { noneLeft } from "../observe/none-left.ts";

/** Recreates what still holds a Cilium address: DaemonSet pods, which no drain moves. */
export const rollbackRecycle: RollbackStep = {
  id: "rollback-recycle",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  observe: (scope) => noneLeft(scope, "cilium"),
  apply: (scope) => recreate(scope, "cilium"),
};
