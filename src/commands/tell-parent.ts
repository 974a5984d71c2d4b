import type { Failure } from "../engine/errors.ts";

/** What a detached engine says to the panel that started it: that it listens, then that it has a plan, or why it ends. */
export type ParentMessage = { readonly listening: true } | { readonly planned: true } | { readonly failure: Failure };

/** The parent may be gone already: then nobody needs to hear it. */
export function tellParent(message: ParentMessage): void {
  if (!process.connected || !process.send) return;
  process.send(message, () => {
    // After its last word the engine lets go: it outlives whoever started it.
    if (!("listening" in message) && process.connected) process.disconnect();
  });
}
