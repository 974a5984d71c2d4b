import type { Failure } from "../../engine/model/reason.ts";
import type { Flags } from "../command.ts";

/**
 * What a detached engine says to the panel that started it: what it waits for, that it listens, then that it has a plan,
 * or why it ends.
 */
export type ParentMessage =
  | { readonly waits: string }
  | { readonly listening: true }
  | { readonly planned: true }
  | { readonly failure: Failure };

/** For the engine of a demo: its cluster lives in the parent, so it ends with it. */
export const tiedFlag = {
  tied: { type: "boolean", help: "end with the process that started it, as the demo's cluster does" },
} as const satisfies Flags;

/** The parent may be gone already: then nobody needs to hear it. */
export function tellParent(message: ParentMessage, tied = false): void {
  if (!process.connected || !process.send) return;
  process.send(message, () => {
    // After its last word the engine lets go: it outlives whoever started it.
    const isLast = "planned" in message || "failure" in message;
    if (!tied && isLast && process.connected) process.disconnect();
  });
}

/** Aborted when the process that started this one is gone. */
export function parentGone(): AbortSignal {
  const gone = new AbortController();
  process.once("disconnect", () => gone.abort());
  return gone.signal;
}
