/**
 * Whether the run is still ours to write for. The lock sets it; whoever writes asks it in the very turn of the event loop in
 * which the bytes leave, for between a check and a connection that is slow to come a lease may end.
 */
export interface Fence {
  /** Throws Unavailable while the lease must be renewed first, LOCK_LOST once the run is somebody else's. */
  check(): void;
  /** Milliseconds after which a write that is under way must be broken off: the lease may be taken not long after. */
  leftMs(): number;
  /** Told at each renewal. Returns how to stop. */
  onRenewed(then: () => void): () => void;
}
