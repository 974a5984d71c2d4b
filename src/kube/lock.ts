import { setTimeout as sleep } from "node:timers/promises";
import { CouldNotAsk, CrossfadeError } from "../engine/errors.ts";
import type { Lock, LockState } from "../engine/ports.ts";
import { ApiError } from "./api-error.ts";
import { isGone, thisProcess } from "./holder-process.ts";
import type { KubeClient } from "./kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { ensureNamespace } from "./own-namespace.ts";
import { probeNamespace } from "./probe-manifest.ts";
import { at, number, text, time } from "./read.ts";

const leasesPath = `/apis/coordination.k8s.io/v1/namespaces/${probeNamespace}/leases`;
const leasePath = `${leasesPath}/engine`;
const processAnnotation = "crossfade/process";

/** client-go's three numbers, slower: a laptop's link may be away for half a minute. In milliseconds. */
export interface LockTimings {
  readonly leaseMs: number;
  /** Without a renewal for this long we stop writing, well before anybody may take over. */
  readonly deadlineMs: number;
  readonly renewMs: number;
}

export const usualLockTimings: LockTimings = { leaseMs: 60_000, deadlineMs: 40_000, renewMs: 10_000 };

interface Lease {
  readonly holder: string;
  readonly since: number;
  readonly renewedAt: number;
  readonly leaseMs: number;
  readonly transitions: number;
  readonly process: string;
  readonly version: string;
}

function read(object: KubeObject): Lease {
  const spec = at(object, "spec");
  return {
    holder: text(at(spec, "holderIdentity")),
    since: time(at(spec, "acquireTime")) ?? 0,
    renewedAt: time(at(spec, "renewTime")) ?? 0,
    leaseMs: number(at(spec, "leaseDurationSeconds"), 60) * 1000,
    transitions: number(at(spec, "leaseTransitions")),
    process: object.metadata.annotations?.[processAnnotation] ?? "",
    version: object.metadata.resourceVersion ?? "",
  };
}

const microTime = (ms: number) => new Date(ms).toISOString().replace(/(\.\d+)Z$/, "$1000Z");

/** The Lease crossfade/engine: one runner at a time, told by what we saw ourselves and never by another's clock. */
export class LeaseLock implements Lock {
  readonly #client: KubeClient;
  readonly #timings: LockTimings;
  #lost = new AbortController();
  #mine: Lease | null = null;
  #renewedAt = { wall: 0, steady: 0 };
  #timer: NodeJS.Timeout | undefined;
  /** When we ourselves first saw this version of the lease. */
  #seen: { readonly version: string; readonly at: number } | null = null;

  constructor(client: KubeClient, timings: LockTimings = usualLockTimings) {
    this.#client = client;
    this.#timings = timings;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async state(): Promise<LockState | null> {
    const lease = await this.#look();
    if (lease === null || lease.holder === "" || this.#expired(lease)) return null;
    // For show a clock may be believed that is two terms off; for taking over never.
    if (Date.now() - lease.renewedAt > 2 * lease.leaseMs && this.#mine === null) return null;
    return {
      holder: lease.holder,
      since: lease.since,
      mine: this.#mine !== null && lease.holder === this.#mine.holder,
    };
  }

  async acquire(holder: string): Promise<boolean> {
    await ensureNamespace(this.#client);
    for (;;) {
      const lease = await this.#look();
      if (lease === null || lease.holder === "" || lease.holder === holder || this.#expired(lease)) {
        return this.#take(holder, lease);
      }
      // A fresh renewal means a living holder. One that looks old must stay unchanged before our eyes for its whole term.
      if (Date.now() - lease.renewedAt < lease.leaseMs) return false;
      await sleep(Math.min(2_000, this.#timings.renewMs / 2));
    }
  }

  async release(): Promise<void> {
    clearTimeout(this.#timer);
    const mine = this.#mine;
    this.#mine = null;
    // A lease that was lost keeps its fence: what still hangs about must not write.
    if (mine === null || this.#lost.signal.aborted) return;
    this.#client.fence = null;
    try {
      await this.#put({ ...mine, holder: "", leaseMs: 1_000 });
    } catch (error) {
      if (!(error instanceof ApiError) || (error.status !== 409 && error.status !== 404)) throw error;
    }
  }

  async #look(): Promise<Lease | null> {
    const object = await this.#client.find<KubeObject>(leasePath, { timeoutMs: 10_000 });
    if (object === null) return null;
    const lease = read(object);
    if (this.#seen?.version !== lease.version) this.#seen = { version: lease.version, at: performance.now() };
    return lease;
  }

  #expired(lease: Lease): boolean {
    if (isGone(lease.process)) return true;
    return this.#seen?.version === lease.version && performance.now() - this.#seen.at > lease.leaseMs;
  }

  async #take(holder: string, before: Lease | null): Promise<boolean> {
    const lease = this.#claim(holder, before);
    try {
      this.#mine = await this.#put(lease);
    } catch (error) {
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
    // Whoever listens already keeps listening; only a lease lost before needs a new signal.
    if (this.#lost.signal.aborted) this.#lost = new AbortController();
    this.#renewed();
    this.#client.fence = () => this.#check();
    this.#arm(this.#timings.renewMs);
    return true;
  }

  #claim(holder: string, before: Lease | null): Lease {
    const now = Date.now();
    const { transitions, version } = before ?? { transitions: 0, version: "" };
    return {
      holder,
      since: now,
      renewedAt: now,
      leaseMs: this.#timings.leaseMs,
      transitions: before === null || before.holder === holder ? transitions : transitions + 1,
      process: thisProcess(),
      version,
    };
  }

  async #put(lease: Lease): Promise<Lease> {
    const object = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "engine",
        namespace: probeNamespace,
        annotations: { [processAnnotation]: lease.process },
        ...(lease.version === "" ? {} : { resourceVersion: lease.version }),
      },
      spec: {
        holderIdentity: lease.holder,
        leaseDurationSeconds: Math.max(1, Math.round(lease.leaseMs / 1000)),
        acquireTime: microTime(lease.since),
        renewTime: microTime(lease.renewedAt),
        leaseTransitions: lease.transitions,
      },
    };
    const answer = await this.#unfenced(() =>
      lease.version === ""
        ? this.#client.create<KubeObject>(leasesPath, object, { timeoutMs: 10_000 })
        : this.#client.replace<KubeObject>(leasePath, object, { timeoutMs: 10_000 }),
    );
    return { ...lease, version: answer.metadata.resourceVersion ?? "" };
  }

  /** The lease itself is how a fence opens again; the client asks its fence before it first waits. */
  #unfenced<T>(write: () => Promise<T>): Promise<T> {
    const { fence } = this.#client;
    this.#client.fence = null;
    try {
      return write();
    } finally {
      this.#client.fence = fence;
    }
  }

  #renewed(): void {
    this.#renewedAt = { wall: Date.now(), steady: performance.now() };
  }

  /** The greater of both clocks: the steady one stands still while a laptop sleeps, the wall's may be set back. */
  #sinceRenewal(): number {
    return Math.max(Date.now() - this.#renewedAt.wall, performance.now() - this.#renewedAt.steady);
  }

  #check(): void {
    if (this.#mine !== null && !this.#lost.signal.aborted && this.#sinceRenewal() < this.#timings.deadlineMs) return;
    this.#lose("the lease could not be renewed in time");
    throw new CrossfadeError(
      "LOCK_LOST",
      "This run is no longer ours: its lease was lost.",
      "crossfade shows who runs it now, and takes over when the lease is free",
    );
  }

  #lose(why: string): void {
    clearTimeout(this.#timer);
    if (!this.#lost.signal.aborted)
      this.#lost.abort(
        new CrossfadeError(
          "LOCK_LOST",
          `The lease was lost: ${why}.`,
          "start crossfade again to watch, or to take over",
        ),
      );
  }

  #arm(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#renew(), afterMs);
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    const mine = this.#mine;
    if (mine === null) return;
    try {
      this.#client.fence?.();
      const renewed = await this.#put({ ...mine, renewedAt: Date.now() });
      if (this.#mine === null) return;
      this.#mine = renewed;
      this.#renewed();
      this.#arm(this.#timings.renewMs);
    } catch (error) {
      await this.#renewalFailed(error, mine);
    }
  }

  async #renewalFailed(error: unknown, mine: Lease): Promise<void> {
    if (this.#mine === null || this.#lost.signal.aborted) return;
    const refused = error instanceof ApiError && (error.status === 409 || error.status === 404);
    if (refused && (await this.#isTaken(mine))) return;
    if (this.#sinceRenewal() > this.#timings.deadlineMs) {
      return this.#lose(error instanceof CouldNotAsk ? error.message : "it could not be renewed in time");
    }
    this.#arm(this.#timings.renewMs / 5);
  }

  /** Whether another holds the lease now; where it is still ours, a renewal's answer had been lost. */
  async #isTaken(mine: Lease): Promise<boolean> {
    try {
      const now = await this.#look();
      if (now !== null && now.holder === mine.holder) {
        this.#mine = { ...mine, version: now.version };
        return false;
      }
      this.#lose(now === null ? "it was deleted" : `${now.holder === "" ? "nobody" : now.holder} holds it now`);
      return true;
    } catch {
      return false;
    }
  }
}
