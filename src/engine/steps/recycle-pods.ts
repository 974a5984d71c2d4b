import { recreate } from "../drain/recreate.ts";
import type { Step } from "../model/step.ts";
import { noneLeft } from "../observe/none-left.ts";

/** Recreates every pod of the node that still holds an old address. */
export const sweep: Step = {
  id: "sweep",
  title: "Recreate pods that still hold an old address",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  observe: (scope) => noneLeft(scope, "source"),
  apply: (scope) => recreate(scope, "source"),
  undo: ["undo-recycle"],
};
