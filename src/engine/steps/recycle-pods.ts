import { recreate } from "../drain/recreate.ts";
import type { Step } from "../model/step.ts";
import { noneLeft } from "../observe/none-left.ts";

/** Recreates every pod of the node that still holds an old address. */
export const recyclePods: Step = {
  id: "recycle-pods",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  observe: (scope) => noneLeft(scope, "source"),
  apply: (scope) => recreate(scope, "source"),
  rollback: ["rollback-recycle"],
};
