import type { Failure } from "../engine/errors.ts";

/** What a detached engine says to the panel that started it, before the panel attaches to its socket. */
export type ParentMessage = { readonly listening: true } | { readonly failure: Failure };

/** Says it once, then lets go of the parent, which may die first. */
export function tellParent(message: ParentMessage): void {
  if (!process.connected || !process.send) return;
  process.send(message, () => {
    if (process.connected) process.disconnect();
  });
}
