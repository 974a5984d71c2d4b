import type { LinkSettings } from "../client/link-settings.ts";
import type { WatchName } from "./projections.ts";
import type { WatchState } from "./watch-cache.ts";

/** How a watch is doing, as its worker tells it. */
export interface WatchReport {
  readonly state: WatchState;
  readonly detail: string;
  readonly heardAt: number;
  /** A complete list has been handed over at least once, and nothing is known to be missing. */
  readonly listed: boolean;
  /** The server's refusal (403), or null. */
  readonly refused: string | null;
}

export interface WatchBatch {
  readonly watch: WatchName;
  readonly puts: readonly (readonly [key: string, value: unknown, version: string])[];
  readonly drops: readonly string[];
  readonly heardAt: number;
}

/** What a request of a watch met; what was called off is null. */
export type Met =
  | { readonly is: "answered"; readonly tookMs: number }
  | { readonly is: "refused"; readonly status: number; readonly message: string; readonly retryAfterMs: number | null }
  | { readonly is: "lost"; readonly why: string }
  | null;

/** Main thread → worker. */
export type ToWorker =
  | { readonly ask: "start"; readonly watch: WatchName; readonly path: string }
  /** Whoever waits before a retry tries now. */
  | { readonly ask: "poke" }
  /** The server is back after an outage. */
  | { readonly ask: "come-back" }
  /** What the watch holds is not to be trusted: it lists anew. */
  | { readonly ask: "renew"; readonly watch: WatchName; readonly why: string }
  | { readonly ask: "settings"; readonly id: number; readonly settings: LinkSettings | null; readonly error: string }
  | { readonly ask: "stop" };

/** Worker → main thread. */
export type FromWorker =
  | ({ readonly say: "batch" } & WatchBatch)
  | { readonly say: "report"; readonly watch: WatchName; readonly report: WatchReport }
  /** Credentials stay with the main thread; `refused` follows a 401. */
  | { readonly say: "settings-wanted"; readonly id: number; readonly refused: boolean }
  | { readonly say: "sent"; readonly verb: string }
  /** What became of it: for the gate that all requests share. */
  | { readonly say: "met"; readonly met: Met };
