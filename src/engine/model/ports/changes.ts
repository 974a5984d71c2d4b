import type { LinkState } from "../events.ts";

/** Wakes the engine when the watched cluster changed. */
export interface Changes {
  /** Resolves at the next change seen by any watch, or after `atMostMs`. */
  next(atMostMs: number, signal: AbortSignal): Promise<void>;
  link(): LinkState;
}
