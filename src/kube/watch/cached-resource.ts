import { CrossfadeError } from "../../engine/model/errors.ts";
import { reason } from "../../engine/model/reason.ts";
import type { LinkTimer } from "../client/link-timer.ts";
import { isOlder } from "../objects/resource-version.ts";
import { keyOf } from "./projections.ts";
import { SharedParts } from "./shared-parts.ts";
import type { WatchCache, WatchState } from "./watch-cache.ts";
import type { WatchBatch, WatchReport } from "./watch-protocol.ts";

/** The main thread's side of one watch: a map that the worker's batches keep in step. */
export class CachedResource<T> implements WatchCache<T> {
  readonly #objects = new Map<string, T>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #listeners = new Set<() => void>();
  readonly #parts = new SharedParts();
  #stale: Set<string> | null = null;
  #report: WatchReport = { state: "syncing", detail: "", heardAt: 0, listed: false, refused: null };
  #settle: { resolve(): void; reject(error: Error): void } = { resolve: () => undefined, reject: () => undefined };
  #ready: Promise<void>;

  readonly #timer: LinkTimer;
  /** What our own writes answered and no watch has told yet: an event that is older must not bring back what was before. */
  readonly #written = new Map<string, { readonly version: string; readonly at: number }>();
  /** The version at which each object was told last; empty where there are too many, and none of ours among them. */
  readonly #told = new Map<string, string>();
  readonly #writable: boolean;
  #overtaken = false;
  #behindSince: number | null = null;

  /** `writable`: we write such objects ourselves, and read back what we wrote. */
  constructor(timer: LinkTimer, writable = true) {
    this.#writable = writable;
    this.#timer = timer;
    this.#ready = this.#expect();
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  get size(): number {
    return this.#objects.size;
  }

  get state(): WatchState {
    return this.#report.state;
  }

  get heardAt(): number {
    return this.#report.heardAt;
  }

  get detail(): string {
    return this.#report.detail;
  }

  get listed(): boolean {
    return this.#report.listed;
  }

  get refused(): string | null {
    return this.#report.refused;
  }

  /** Milliseconds since nothing keeps this up any more; 0 while a watch does. */
  get behindMs(): number {
    return this.#behindSince === null ? 0 : this.#timer.now() - this.#behindSince;
  }

  /** Milliseconds since the eldest write of ours that the watch has not told. */
  get untoldMs(): number {
    if (this.#overtaken) return Number.POSITIVE_INFINITY;
    const [eldest] = this.#written.values();
    return eldest === undefined ? 0 : this.#timer.now() - eldest.at;
  }

  /** A new list is on its way, and will tell what there is. */
  trustAgain(): void {
    this.#written.clear();
    this.#overtaken = false;
  }

  all(): Iterable<T> {
    return this.#objects.values();
  }

  get(namespace: string | null, name: string): T | undefined {
    return this.#objects.get(keyOf(namespace, name));
  }

  /** Objects whose field `node` names this node. */
  on(node: string): readonly T[] {
    const keys = this.#byNode.get(node) ?? new Set<string>();
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  onChange(then: () => void): () => void {
    this.#listeners.add(then);
    return () => this.#listeners.delete(then);
  }

  /** What our own write answered, so that we read it back before the watch tells it. */
  remember(namespace: string | null, name: string, value: T, version = ""): void {
    if (!this.#report.listed) return;
    const key = keyOf(namespace, name);
    if (version !== "" && this.#isOld(key, version)) return;
    if (version !== "") {
      this.#written.delete(key);
      this.#written.set(key, { version, at: this.#timer.now() });
    }
    this.#put(key, value);
    this.#changed();
  }

  /** Whether what our own write answered is nothing new. */
  #isOld(key: string, version: string): boolean {
    const told = this.#told.get(key) ?? "";
    // Somebody changed it since; or the watch is one of a server that is gone, and what answers now is behind it.
    if (isOlder(version, told)) this.#overtaken = true;
    // Where it was told already the watch was quicker than our answer.
    return this.#overtaken || told === version || isOlder(version, this.#written.get(key)?.version ?? "");
  }

  /** A new worker will list everything again: what it does not name by the end is gone. */
  expectAll(): void {
    this.#stale = new Set(this.#objects.keys());
  }

  take(batch: Pick<WatchBatch, "puts" | "drops" | "heardAt">): void {
    for (const key of batch.drops) {
      this.#written.delete(key);
      this.#told.delete(key);
      this.#drop(key);
    }
    for (const [key, value, version] of batch.puts) {
      if (this.#writable) this.#told.set(key, version);
      const written = this.#written.get(key)?.version;
      if (written !== undefined && isOlder(version, written)) continue;
      this.#written.delete(key);
      this.#put(key, this.#parts.share(value as T));
    }
    this.#report = { ...this.#report, heardAt: Math.max(this.#report.heardAt, batch.heardAt) };
    this.#changed();
  }

  report(report: WatchReport): void {
    const before = this.#report;
    this.#report = { ...report, heardAt: Math.max(before.heardAt, report.heardAt) };
    this.#follow(report.state);
    if (report.refused !== null) {
      this.#refuse(report.refused);
      return;
    }
    if (report.listed && report.state === "live") {
      for (const key of this.#stale ?? []) this.#drop(key);
      this.#stale = null;
      this.#settle.resolve();
      if (before.refused !== null) this.#ready = Promise.resolve();
    }
    const told = before.state !== report.state || before.detail !== report.detail || before.listed !== report.listed;
    if (told) this.#changed();
  }

  #follow(state: WatchState): void {
    if (state === "live") this.#behindSince = null;
    else this.#behindSince ??= this.#timer.now();
    // A new list tells what there is, even where a restored server knows less than it told before.
    if (state === "syncing") this.trustAgain();
  }

  #expect(): Promise<void> {
    const ready = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    ready.catch(() => undefined);
    return ready;
  }

  #refuse(why: string): void {
    const error = new CrossfadeError("FORBIDDEN", reason("watch-refused", { said: why }));
    this.#settle.reject(error);
    this.#ready = Promise.reject(error);
    this.#ready.catch(() => undefined);
    this.#changed();
  }

  #put(key: string, value: T): void {
    this.#unindex(key);
    this.#stale?.delete(key);
    this.#objects.set(key, value);
    const node = nodeOf(value);
    if (node === null) return;
    const keys = this.#byNode.get(node) ?? new Set<string>();
    keys.add(key);
    this.#byNode.set(node, keys);
  }

  #drop(key: string): void {
    this.#unindex(key);
    this.#objects.delete(key);
  }

  #unindex(key: string): void {
    const node = nodeOf(this.#objects.get(key));
    if (node !== null) this.#byNode.get(node)?.delete(key);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

function nodeOf(value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("node" in value)) return null;
  return typeof value.node === "string" ? value.node : null;
}
