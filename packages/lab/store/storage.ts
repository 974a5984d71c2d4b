import type { KubeObject, ResourceName } from "../objects.ts";
import { expired } from "./api-error.ts";
import { Bucket, type Commit } from "./bucket.ts";
import { freeze } from "./json-tree.ts";

/** Told of each commit in its order; a handler that throws is reported and does not disturb the write. */
export type CommitHandler = (commit: Commit) => void;

interface Subscriber {
  readonly resource: ResourceName;
  readonly handler: CommitHandler;
  /** Commits up to this revision are known to it already. */
  readonly after: number;
  active: boolean;
}

/** Where the storage reports a subscriber that threw. */
export type FaultReport = (fault: unknown, resource: ResourceName) => void;

/** All buckets under one revision counter, and the delivery of their changes. */
export class Storage {
  readonly #buckets = new Map<ResourceName, Bucket>();
  readonly #subscribers = new Map<ResourceName, Set<Subscriber>>();
  readonly #hooks: ((resource: ResourceName, commit: Commit) => void)[] = [];
  readonly #queue: { readonly resource: ResourceName; readonly commit: Commit }[] = [];
  readonly #historyLimit: number;
  readonly #onFault: FaultReport;
  #delivering = false;
  #revision = 1;
  #compactedAt = 0;

  constructor(historyLimit: number, onFault: FaultReport) {
    this.#historyLimit = historyLimit;
    this.#onFault = onFault;
  }

  get revision(): number {
    return this.#revision;
  }

  bucket(resource: ResourceName): Bucket {
    let bucket = this.#buckets.get(resource);
    if (!bucket) {
      bucket = new Bucket(this.#historyLimit);
      if (this.#compactedAt > 0) bucket.forget(this.#compactedAt);
      this.#buckets.set(resource, bucket);
    }
    return bucket;
  }

  /** Runs inside each commit, before any subscriber: for indexes, which must never lag. */
  hook(hook: (resource: ResourceName, commit: Commit) => void): void {
    this.#hooks.push(hook);
  }

  /** Stores (or removes) an object under the next revision; the draft's resourceVersion is set here and nowhere else. */
  commit(resource: ResourceName, type: Commit["type"], draft: KubeObject, old: KubeObject | null): KubeObject {
    const revision = ++this.#revision;
    const metadata = { ...draft.metadata, resourceVersion: String(revision) };
    const object = freeze({ ...draft, metadata });
    const commit: Commit = { type, object, old, revision };
    this.bucket(resource).apply(commit);
    for (const hook of this.#hooks) hook(resource, commit);
    this.#queue.push({ resource, commit });
    this.#deliver();
    return object;
  }

  /** Existing objects come first as ADDED. */
  subscribe(resource: ResourceName, handler: CommitHandler): () => void {
    const stop = this.#join(resource, handler);
    const replay = this.bucket(resource)
      .list(null)
      .map((object): Commit => {
        return { type: "ADDED", object, old: null, revision: Number(object.metadata.resourceVersion) };
      });
    this.#replay(resource, handler, replay);
    return stop;
  }

  /** Replays what came after a revision, then goes on; one from the future is silence until it is passed, as upstream. */
  follow(resource: ResourceName, since: number, handler: CommitHandler): () => void {
    const bucket = this.bucket(resource);
    const missed = bucket.since(since);
    if (!missed) throw expired(String(since), String(bucket.lostUpTo));
    const stop = this.#join(resource, handler, since);
    this.#replay(resource, handler, missed);
    return stop;
  }

  compact(): void {
    this.#compactedAt = this.#revision;
    for (const bucket of this.#buckets.values()) bucket.forget(this.#revision);
  }

  #join(resource: ResourceName, handler: CommitHandler, since = 0): () => void {
    const after = Math.max(this.#revision, since);
    const subscriber: Subscriber = { resource, handler, after, active: true };
    const all = this.#subscribers.get(resource) ?? new Set();
    this.#subscribers.set(resource, all.add(subscriber));
    return () => {
      subscriber.active = false;
      all.delete(subscriber);
    };
  }

  /** Writes that the handler makes meanwhile wait, lest it hear of them before the past is told. */
  #replay(resource: ResourceName, handler: CommitHandler, commits: readonly Commit[]): void {
    const outer = this.#delivering;
    this.#delivering = true;
    for (const commit of commits) this.#tell(resource, handler, commit);
    this.#delivering = outer;
    this.#deliver();
  }

  /** Writes made by a subscriber are delivered after the current one has reached everybody: all see one order. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { resource, commit } = next;
      for (const subscriber of this.#subscribers.get(resource) ?? []) {
        if (subscriber.active && commit.revision > subscriber.after) this.#tell(resource, subscriber.handler, commit);
      }
    }
    this.#delivering = false;
  }

  #tell(resource: ResourceName, handler: CommitHandler, commit: Commit): void {
    try {
      handler(commit);
    } catch (fault) {
      this.#onFault(fault, resource);
    }
  }
}
