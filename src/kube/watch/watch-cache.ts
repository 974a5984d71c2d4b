/** How a watch is doing; shown to the operator, never guessed. */
export type WatchState = "syncing" | "live" | "stale";

/** One resource kept in step with the API server by list and watch, as projections. */
export interface WatchCache<T> {
  /** Resolves at the first complete list; rejects when that is refused (403, 404). */
  readonly ready: Promise<void>;
  all(): Iterable<T>;
  get(namespace: string | null, name: string): T | undefined;
  readonly size: number;
  readonly state: WatchState;
  /** Epoch milliseconds of the last word of any kind from the server (event, bookmark, list). */
  readonly heardAt: number;
  /** In a clause why it is not live, else "". */
  readonly detail: string;
  /** Called after each batch of changes. Returns how to stop. */
  onChange(then: () => void): () => void;
}
