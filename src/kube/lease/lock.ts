import { setTimeout as sleep } from "node:timers/promises";
import { CrossfadeError, Unavailable } from "../../engine/model/errors.ts";
import type { LeaseTerms, Lock, LockState } from "../../engine/model/ports/lock.ts";
import { reason } from "../../engine/model/reason.ts";
import { ApiError } from "../client/api-error.ts";
import type { KubeClient } from "../client/kube-client.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import type { KubeObject } from "../objects/kube-object.ts";
import { ensureNamespace, ensureOwnNamespace } from "../records/own-namespace.ts";
import type { Watches } from "../watch/watch.ts";
import type { Fence } from "./fence.ts";
import { thisProcess } from "./holder-process.ts";
import {
  type Lease,
  LeaseSight,
  leaseManifest,
  leaseName,
  leasePath,
  leasesPath,
  newInstance,
  readLease,
} from "./lease.ts";

/** client-go's three numbers, slower: a laptop's link may be away for half a minute. In milliseconds. */
export interface LockTimings {
  readonly leaseMs: number;
  /** Without a renewal for this long no write of ours starts, well before anybody may take over. */
  readonly deadlineMs: number;
  readonly renewMs: number;
}

const usualLockTimings: LockTimings = { leaseMs: 60_000, deadlineMs: 40_000, renewMs: 10_000 };

const now = (): Clocks => ({ wall: Date.now(), steady: performance.now() });

/** Of the time between the deadline and the lease's end, what a write that is under way may use. */
const shareForWrites = 0.75;

/** Both clocks of this machine, in milliseconds: the wall's may jump, the steady one stands still in a suspended machine. */
export interface Clocks {
  readonly wall: number;
  readonly steady: number;
}

export interface LockOptions {
  readonly timings?: LockTimings;
  readonly clocks?: () => Clocks;
  /** A version of the lease that whoever started this process saw unchanged for its whole term. */
  readonly knownStale?: string | null;
  /** Where `watched` looks. */
  readonly watches?: Watches;
}

/** The Lease crossfade/engine: one runner at a time, told by what we saw ourselves and never by another's clock. */
export class LeaseLock implements Lock {
  readonly #client: KubeClient;
  readonly #watches: Watches | null;
  readonly #timings: LockTimings;
  readonly #clocks: () => Clocks;
  readonly #instance = newInstance();
  readonly #sight: LeaseSight;
  readonly #onRenewed = new Set<() => void>();
  #lost = new AbortController();
  #mine: Lease | null = null;
  #renewedAt = { wall: 0, steady: 0 };
  #timer: NodeJS.Timeout | undefined;
  #renewal: Promise<void> | null = null;

  constructor(client: KubeClient, options: LockOptions = {}) {
    const { timings = usualLockTimings, clocks = now, knownStale = null, watches = null } = options;
    this.#watches = watches;
    this.#client = client;
    this.#timings = timings;
    this.#clocks = clocks;
    this.#sight = new LeaseSight(() => clocks().steady, knownStale);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async state(): Promise<LockState | null> {
    return this.#judged(await this.#look());
  }

  async watched(): Promise<LockState | null> {
    if (this.#watches === null) return this.state();
    const lease = (await this.#watches.synced("lease")).get(probeNamespace, leaseName) ?? null;
    this.#sight.see(lease);
    return this.#judged(lease);
  }

  #judged(lease: Lease | null): LockState | null {
    if (lease === null || lease.holder === "") return null;
    const mine = this.#isOurs(lease);
    // For show a clock may be believed that is less than two terms off, either way; for taking over never.
    const silent = !mine && Math.abs(this.#clocks().wall - lease.renewedAt) > 2 * lease.leaseMs;
    const { holder, since, renewedAt, version } = lease;
    const stoodStill = this.#sight.expired(lease);
    return { holder, since, renewedAt, mine, expired: silent || stoodStill, stoodStill, version };
  }

  async acquire(holder: string, { onWait, namespaceOfOthers = false }: LeaseTerms = {}): Promise<boolean> {
    await (namespaceOfOthers ? ensureNamespace : ensureOwnNamespace)(this.#client, { fenced: false });
    return this.#takeOnceFree(holder, onWait);
  }

  async #takeOnceFree(holder: string, onWait: LeaseTerms["onWait"]): Promise<boolean> {
    let first: Lease | null = null;
    for (;;) {
      const lease = await this.#look();
      if (lease === null || this.#isFree(lease)) return this.#take(holder, lease);
      if (this.#isLiving(lease) || (first !== null && lease.version !== first.version)) return false;
      if (first === null) onWait?.(lease.leaseMs, lease.oddTerm);
      first = lease;
      await sleep(Math.min(2_000, this.#timings.renewMs / 2));
    }
  }

  #isFree(lease: Lease): boolean {
    return lease.holder === "" || this.#isOurs(lease) || this.#sight.expired(lease);
  }

  /** Renewed just now. One that looks old, or of the future, must stay unchanged before our eyes for its whole term. */
  #isLiving(lease: Lease): boolean {
    return Math.abs(this.#clocks().wall - lease.renewedAt) < lease.leaseMs;
  }

  /** Its fence stays closed: what still hangs about must not write. */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    // One that is under way would change the version by which the lease is given back.
    await this.#renewal;
    clearTimeout(this.#timer);
    const mine = this.#mine;
    this.#mine = null;
    if (mine === null || this.#lost.signal.aborted) return;
    try {
      await this.#put({ ...mine, holder: "", leaseMs: 1_000 });
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw error;
    }
  }

  #isOurs(lease: Lease): boolean {
    return lease.instance === this.#instance && (this.#mine === null || lease.holder === this.#mine.holder);
  }

  async #look(): Promise<Lease | null> {
    const object = await this.#client.find<KubeObject>(leasePath, { timeoutMs: 10_000, urgent: true });
    const lease = object === null ? null : readLease(object);
    this.#sight.see(lease);
    return lease;
  }

  async #take(holder: string, before: Lease | null): Promise<boolean> {
    const begun = this.#clocks();
    try {
      this.#mine = await this.#put(this.#claim(holder, before));
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
    // Whoever listens already keeps listening; only a lease lost before needs a new signal.
    if (this.#lost.signal.aborted) this.#lost = new AbortController();
    this.#renewedAt = begun;
    this.#client.fence = this.#fence();
    // Whoever had the run until now may have installed what was not served when we looked last.
    this.#watches?.poke();
    this.#arm(this.#timings.renewMs);
    return true;
  }

  #claim(holder: string, before: Lease | null): Lease {
    const { wall } = this.#clocks();
    const { transitions, version } = before ?? { transitions: 0, version: "" };
    return {
      holder,
      since: wall,
      renewedAt: wall,
      leaseMs: this.#timings.leaseMs,
      oddTerm: null,
      transitions: before === null || before.holder === holder ? transitions : transitions + 1,
      process: thisProcess(),
      instance: this.#instance,
      version,
    };
  }

  async #put(lease: Lease): Promise<Lease> {
    const object = leaseManifest(lease);
    const options = { timeoutMs: 10_000, fenced: false, urgent: true } as const;
    const answer =
      lease.version === ""
        ? await this.#client.create<KubeObject>(leasesPath, object, options)
        : await this.#client.replace<KubeObject>(leasePath, object, options);
    return { ...lease, version: answer.metadata.resourceVersion ?? "" };
  }

  #fence(): Fence {
    const { leaseMs, deadlineMs } = this.#timings;
    const lastMs = deadlineMs + (leaseMs - deadlineMs) * shareForWrites;
    return {
      check: () => this.#check(),
      leftMs: () => Math.max(1, lastMs - this.#sinceRenewal()),
      onRenewed: (then) => {
        this.#onRenewed.add(then);
        return () => this.#onRenewed.delete(then);
      },
    };
  }

  /** The greater of both clocks: the steady one stands still while a laptop sleeps, the wall's may be set back. */
  #sinceRenewal(): number {
    const { wall, steady } = this.#clocks();
    return Math.max(wall - this.#renewedAt.wall, steady - this.#renewedAt.steady);
  }

  #check(): void {
    if (this.#mine === null || this.#lost.signal.aborted) {
      throw new CrossfadeError("LOCK_LOST", reason("lease-not-ours", {}));
    }
    const sinceMs = this.#sinceRenewal();
    if (sinceMs < this.#timings.deadlineMs) return;
    // Somebody may have taken the run. That nobody has is proven by a renewal: it names the version that we wrote last.
    if (this.#renewal === null) this.#arm(0);
    throw new Unavailable(
      `the lease of this run was not renewed for ${Math.round(sinceMs / 1000)} s, and nothing is written until it is`,
    );
  }

  /** To this holder; null where the lease was deleted. */
  #lose(holder: string | null): void {
    clearTimeout(this.#timer);
    if (this.#lost.signal.aborted) return;
    this.#lost.abort(new CrossfadeError("LOCK_LOST", reason("lease-lost", { holder })));
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = null;
      });
    }, afterMs);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    const mine = this.#mine;
    if (mine === null) return;
    // Counted from before it was asked for: the server may have renewed it at once and answered late.
    const begun = this.#clocks();
    try {
      const renewed = await this.#put({ ...mine, renewedAt: begun.wall });
      if (this.#mine === null) return;
      this.#mine = renewed;
      this.#renewedAt = begun;
      this.#arm(this.#timings.renewMs);
      for (const then of this.#onRenewed) then();
    } catch (error) {
      await this.#renewalFailed(error);
    }
  }

  /** An outage loses nothing: as long as nobody took the lease it is ours, only that nothing may be written meanwhile. */
  async #renewalFailed(error: unknown): Promise<void> {
    if (this.#mine === null || this.#lost.signal.aborted) return;
    const refused = error instanceof ApiError && (error.status === 409 || error.status === 404);
    if (refused && (await this.#isTaken())) return;
    this.#arm(this.#timings.renewMs / 5);
  }

  /** Whether another holds the lease now; where it is still ours, a renewal's answer had been lost. */
  async #isTaken(): Promise<boolean> {
    try {
      const lease = await this.#look();
      if (this.#mine === null) return true;
      if (lease !== null && this.#isOurs(lease) && lease.holder !== "") {
        this.#mine = { ...this.#mine, version: lease.version };
        return false;
      }
      this.#lose(lease === null ? null : lease.holder);
      return true;
    } catch {
      return false;
    }
  }
}
