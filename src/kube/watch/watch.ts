import { Worker } from "node:worker_threads";
import { inBrief, Unavailable } from "../../engine/model/errors.ts";
import type { LinkState } from "../../engine/model/events.ts";
import { ApiError } from "../client/api-error.ts";
import type { Transport } from "../client/transport.ts";
import { CachedResource } from "./cached-resource.ts";
import { type Projected, type WatchName, watchPaths } from "./projections.ts";
import type { WatchState } from "./watch-cache.ts";
import type { FromWorker, Met, ToWorker } from "./watch-protocol.ts";

/** A first list of a large cluster over a slow link takes this long at most, before we say that we could not ask. */
export const firstListMs = 60_000;
/** Of which a worker's start takes a part, whatever the cluster's pace. */
const startMs = 10_000;
/** But whoever waits while the server cannot be reached must hear so soon: looked at so often, in trouble so many times one after the other. */
const troubleLookMs = 500;
const troubleLooks = 4;
/** Nothing is decided on what no watch has kept up for this long; before, a cut connection is everyday. In milliseconds. */
const believedMs = 10_000;
/** A write of ours that its watch has not told for this long: the watch is dead, or far behind. */
const toldWithinMs = 15_000;

/** Of each page only small projections live on: with V8's own choice the thread kept 70 MB more, and was no faster. */
const maxYoungGenerationSizeMb = 8;

const closedError = () => new Unavailable("the connection to the cluster was closed");

/** All watches of one cluster: each starts when it is first asked for, all of them in one worker thread. */
export class Watches {
  readonly #transport: Transport;
  readonly #caches = new Map<WatchName, CachedResource<unknown>>();
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  #worker: Worker | null = null;
  #closed = false;
  /** Whoever waits for a first list when the connection is closed must not wait it out. */
  readonly #givingUp = new Set<(why: Unavailable) => void>();

  constructor(transport: Transport) {
    this.#transport = transport;
    transport.gate.circuit.onBack(() => {
      if (this.#worker !== null && !this.#closed) this.#ask({ ask: "come-back" });
    });
  }

  /** The cache as it is; starts its watch. */
  cache<N extends WatchName>(name: N): CachedResource<Projected[N]> {
    let cache = this.#caches.get(name);
    if (cache === undefined) {
      cache = new CachedResource<unknown>(this.#transport.timer, name !== "pods" && name !== "ciliumEndpoints");
      cache.onChange(() => this.#changed());
      this.#caches.set(name, cache);
      this.#ask({ ask: "start", watch: name, path: watchPaths[name] });
    }
    return cache as CachedResource<Projected[N]>;
  }

  /** The cache once it has had its first complete list; Unavailable when that does not come. */
  async synced<N extends WatchName>(name: N): Promise<CachedResource<Projected[N]>> {
    if (this.#closed) throw closedError();
    const cache = this.cache(name);
    if (cache.listed && cache.refused === null) {
      this.#doubt(name, cache);
      return cache;
    }
    if (cache.refused !== null) await cache.ready;
    let timer: NodeJS.Timeout | undefined;
    let failing: NodeJS.Timeout | undefined;
    let giveUp: (why: Unavailable) => void = () => undefined;
    const late = new Promise<never>((_, reject) => {
      const why = () =>
        new Unavailable(
          `the first list of ${name} is not complete yet${cache.detail === "" ? "" : `: ${cache.detail}`}`,
        );
      timer = setTimeout(() => reject(why()), Math.max(firstListMs / this.#speedup, startMs));
      // A single refusal, met in the moment of a look, is not yet a server that fails: a 401 is followed by new credentials.
      let inTrouble = 0;
      failing = setInterval(() => {
        inTrouble = cache.detail === "" ? 0 : inTrouble + 1;
        if (inTrouble >= troubleLooks) reject(why());
      }, troubleLookMs / this.#speedup);
      giveUp = reject;
      this.#givingUp.add(giveUp);
    });
    try {
      await Promise.race([cache.ready, late]);
    } finally {
      clearTimeout(timer);
      clearInterval(failing);
      this.#givingUp.delete(giveUp);
    }
    return cache;
  }

  /** Throws where what is held is too old to decide on; asks for a new list where a watch only seems to live. */
  #doubt(name: WatchName, cache: CachedResource<unknown>): void {
    if (cache.untoldMs > toldWithinMs) {
      cache.trustAgain();
      this.renew(name, "a write of ours was not told by its watch");
    }
    if (cache.behindMs > believedMs) {
      const why = cache.detail === "" ? "" : `: ${cache.detail}`;
      throw new Unavailable(`what is known of ${name} is not up to date${why}`);
    }
  }

  /** What this watch holds is not believed: it lists everything anew. */
  renew(watch: WatchName, why: string): void {
    this.#ask({ ask: "renew", watch, why });
  }

  get #speedup(): number {
    return this.#transport.timer.speedup;
  }

  /** Retries of what is not served yet or not reachable happen now. */
  poke(): void {
    if (this.#worker !== null) this.#ask({ ask: "poke" });
  }

  onChange(then: () => void): () => void {
    this.#listeners.add(then);
    return () => this.#listeners.delete(then);
  }

  /** The worst of all watches that run, and since when it is not kept up; live when none was needed yet. */
  link(): LinkState {
    const caches = [...this.#caches];
    const heardAt = Math.max(0, ...caches.map(([, cache]) => cache.heardAt));
    const behindMs = Math.max(0, ...caches.map(([, cache]) => cache.behindMs)) / this.#speedup;
    const since = behindMs === 0 ? heardAt : Math.min(heardAt, Math.round(Date.now() - behindMs));
    const { trouble } = this.#transport.gate;
    if (trouble !== null) return { state: "stale", since, detail: trouble };
    const of = (state: WatchState) => caches.filter(([, cache]) => cache.state === state);
    const worst = of("stale").length > 0 ? of("stale") : of("syncing");
    const [first] = worst;
    if (first === undefined) return { state: "live", since, detail: "" };
    const [name, { state, detail }] = first;
    // Where the others are told of changes it is this one's trouble, and not the API server's.
    return { state, since, detail: worst.length === caches.length || detail === "" ? detail : `${name}: ${detail}` };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#over.abort(closedError());
    for (const giveUp of this.#givingUp) giveUp(closedError());
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    worker.postMessage({ ask: "stop" } satisfies ToWorker);
    await worker.terminate();
  }

  #ask(message: ToWorker): void {
    if (this.#closed) throw closedError();
    this.#worker ??= this.#spawn();
    this.#worker.postMessage(message);
  }

  #spawn(): Worker {
    const worker = new Worker(
      new URL(import.meta.url.endsWith(".ts") ? "./watch-worker.ts" : "./watch-worker.mjs", import.meta.url),
      { resourceLimits: { maxYoungGenerationSizeMb }, workerData: { speedup: this.#speedup } },
    );
    worker.unref();
    worker.on("message", (message: FromWorker) => this.#heard(message));
    worker.on("error", (error) => this.#lost(error.message));
    return worker;
  }

  /** A worker that died takes no watch with it: another one starts them all again. */
  #lost(why: string): void {
    this.#worker = null;
    if (this.#closed) return;
    for (const [name, cache] of this.#caches) {
      cache.report({
        state: "stale",
        detail: `the watch worker failed: ${why}`,
        heardAt: cache.heardAt,
        listed: cache.listed,
        refused: null,
      });
      cache.expectAll();
      setTimeout(() => {
        if (!this.#closed) this.#ask({ ask: "start", watch: name, path: watchPaths[name] });
      }, 1_000).unref();
    }
  }

  #heard(message: FromWorker): void {
    switch (message.say) {
      case "batch":
        this.#caches.get(message.watch)?.take(message);
        return;
      case "report":
        this.#caches.get(message.watch)?.report(message.report);
        return;
      case "settings-wanted":
        void this.#answerSettings(message.id, message.refused);
        return;
      case "sent":
        this.#transport.count(message.verb);
        return;
      case "met":
        this.#met(message.met);
        return;
      default:
        message satisfies never;
    }
  }

  #met(met: Met): void {
    const { gate } = this.#transport;
    if (met === null) gate.calledOff();
    else if (met.is === "lost") gate.lost(met.why);
    else if (met.is === "answered") gate.answered(met.tookMs);
    else gate.refused(new ApiError(met.status, "", met.message, { retryAfterMs: met.retryAfterMs }), 0);
  }

  /** The worker asks for these before each request: here it waits for its turn, or hears that the server is gone. */
  async #answerSettings(id: number, refused: boolean): Promise<void> {
    const { gate } = this.#transport;
    let answer: ToWorker;
    let entered = false;
    try {
      await gate.enter("read", this.#over.signal);
      entered = true;
      if (refused) await this.#transport.credentials.refresh();
      answer = { ask: "settings", id, settings: await this.#transport.credentials.current(), error: "" };
    } catch (error) {
      if (entered) gate.calledOff();
      const why = inBrief(error);
      answer = { ask: "settings", id, settings: null, error: why };
    }
    this.#worker?.postMessage(answer);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
