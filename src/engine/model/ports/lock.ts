export interface LockState {
  /** user@host/pid */
  readonly holder: string;
  /** Epoch milliseconds by the holder's clock, as is `renewedAt`. */
  readonly since: number;
  readonly renewedAt: number;
  readonly mine: boolean;
  /** Not renewed for its term, by its holder's clock or as far as we saw: shown as such. */
  readonly expired: boolean;
  /** It stood still for its term before our eyes, or its process is gone: this very version may be taken at once. */
  readonly stoodStill: boolean;
  /** The lease's own version, which every renewal changes. */
  readonly version: string;
}

/** For how long a lease must stand still; and the term in seconds that it names itself, where no runner writes such a one. */
export type OnLeaseWait = (forMs: number, oddTerm: number | null) => void;

export interface LeaseTerms {
  /** Told once that a lease which looks old is waited for. */
  readonly onWait?: OnLeaseWait;
  /** A namespace crossfade that others made will do: whoever agreed to the plan was told of it. */
  readonly namespaceOfOthers?: boolean;
}

/** The Lease crossfade/engine. */
export interface Lock {
  /** Null when it was given back, or never taken. */
  state(): Promise<LockState | null>;
  /** The same from a watch, for who looks all the time. */
  watched(): Promise<LockState | null>;
  /**
   * False when somebody else holds it. Renews in the background until released or lost. One that looks old is waited
   * for, to be seen unchanged for its whole term. Throws PLAN_DRIFTED, with nothing written, where the namespace is somebody
   * else's and nobody agreed to that.
   */
  acquire(holder: string, terms?: LeaseTerms): Promise<boolean>;
  release(): Promise<void>;
  /** Aborted when somebody else has the lease. One that merely could not be renewed refuses writes until it is. */
  readonly lost: AbortSignal;
}
