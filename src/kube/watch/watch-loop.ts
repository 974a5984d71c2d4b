import { ApiError } from "../client/api-error.ts";
import { backoffMs } from "../client/backoff.ts";
import { refusalLastsMs } from "../client/granted.ts";
import { type LinkTimer, steadyTimer } from "../client/link-timer.ts";
import { saysReady } from "../client/readiness.ts";
import { apiError, type Incoming, readText, shortWords } from "../client/send.ts";
import { eachLine, eventIn } from "../objects/lines.ts";
import { pagesOf } from "../objects/page-walk.ts";
import { at, list, number, text } from "../objects/read.ts";
import { isOlder } from "../objects/resource-version.ts";
import { keyOf } from "./projections.ts";
import { usualTimings, Watchdog, type WatchPace, type WatchTimings } from "./watch-pace.ts";
import type { WatchReport } from "./watch-protocol.ts";

export interface WatchLink {
  /** Sends a GET; `refused` asks for new credentials first, after a 401. */
  open(
    path: string,
    options: { readonly signal: AbortSignal; readonly compress: boolean; readonly refused: boolean },
  ): Promise<Incoming>;
}

export interface WatchSink {
  put(key: string, object: unknown, version: string): void;
  drop(key: string): void;
  flush(): void;
  report(report: WatchReport): void;
}

/** What is held cannot be trusted any more: everything is listed anew. */
class Distrust extends Error {}

/** Built into every API server: a 404 comes from something else that answers in its place, and says nothing of nodes or pods. */
const alwaysServed = /^\/(api\/v1|apis\/apps|apis\/policy)\//;

const notServed = "not served yet";

/** The version is too old for the server, or it is behind the one that told it, or what is held is not believed. */
const mustRelist = (error: unknown) =>
  error instanceof Distrust ||
  (error instanceof ApiError && (error.status === 410 || /too large resource version/i.test(error.message)));

/** One resource, listed and watched until stopped; whatever the server does, it comes back. */
export class WatchLoop {
  readonly #path: string;
  readonly #link: WatchLink;
  readonly #sink: WatchSink;
  readonly #timings: WatchTimings;
  readonly #timer: LinkTimer;
  readonly #stop = new AbortController();
  #keys = new Set<string>();
  #version: string | null = null;
  #failures = 0;
  /** The last watch ended before its time: the server that answers next may be another, or one that was restored. */
  #broken = false;
  #unauthorized = false;
  #refusedSince: number | null = null;
  #wake: (() => void) | null = null;
  #renewal = new AbortController();
  #report: WatchReport = { state: "syncing", detail: "", heardAt: 0, listed: false, refused: null };

  constructor(
    path: string,
    link: WatchLink,
    sink: WatchSink,
    { timings = usualTimings, timer = steadyTimer() }: WatchPace = {},
  ) {
    this.#path = path;
    this.#link = link;
    this.#sink = sink;
    this.#timings = timings;
    this.#timer = timer;
  }

  stop(): void {
    this.#stop.abort(new Error("stopped"));
    this.#wake?.();
  }

  /** Ends a wait before the next try. */
  poke(): void {
    this.#wake?.();
  }

  /** The server is back after an outage: so are all watches, but not at one stroke. */
  comeBack(): void {
    if (this.#failures === 0) return;
    const soonMs = Math.random() * this.#timings.spreadMs;
    void this.#timer.sleep(soonMs, this.#stop.signal).then(
      () => this.#wake?.(),
      () => undefined,
    );
  }

  /** Ends the watch and lists everything anew. */
  renew(why: string): void {
    this.#renewal.abort(new Distrust(why));
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#version !== null && this.#broken) await this.#compare();
        if (this.#version === null) await this.#list();
        await this.#watch();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const waitMs = await this.#judge(error);
        if (this.#stop.signal.aborted) return;
        this.#failures += 1;
        this.#broken = true;
        await this.#pause(waitMs);
      }
    }
  }

  #tell(change: Partial<WatchReport>): void {
    this.#report = { ...this.#report, ...change };
    this.#sink.report(this.#report);
  }

  /** What to do about a failure: how it is shown, and the milliseconds until the next try. */
  async #judge(error: unknown): Promise<number> {
    const retryMs = backoffMs(this.#failures, this.#timings.firstRetryMs, this.#timings.longestRetryMs);
    const why = error instanceof Error ? error.message : String(error);
    const status = error instanceof ApiError ? error.status : 0;
    if (mustRelist(error)) return this.#startOver(error, retryMs);
    if (status === 404 && !alwaysServed.test(this.#path)) return this.#absent();
    if (status === 403 && (await this.#isRefused())) {
      this.#tell({ state: "stale", detail: why, refused: why });
      return this.#timings.absentMs * 2;
    }
    this.#unauthorized = status === 401;
    this.#showTrouble(why);
    return (error instanceof ApiError ? error.retryAfterMs : null) ?? retryMs;
  }

  /** A server that may have just started does not know our rights yet: one that told us before, or does not call itself ready. */
  async #isRefused(): Promise<boolean> {
    const now = this.#timer.now();
    const isFirst = this.#refusedSince === null;
    this.#refusedSince ??= now;
    if (now - this.#refusedSince >= refusalLastsMs) return true;
    // It may have become ready only after it refused: what it says then counts when it is said twice.
    if (this.#report.listed || isFirst) return false;
    const signal = this.#deadline();
    return saysReady((path) => this.#link.open(path, { signal, compress: true, refused: false }), signal);
  }

  /** Lists anew, at a time of its own: what ended this watch may have ended all. */
  #startOver(error: unknown, retryMs: number): number {
    this.#version = null;
    if (!(error instanceof Distrust)) return retryMs;
    this.#tell({ state: "syncing", detail: error.message });
    return Math.max(retryMs / 4, Math.random() * this.#timings.spreadMs);
  }

  /** One cut connection is everyday; only when the next try fails too is what we hold called stale. */
  #showTrouble(why: string): void {
    if (!this.#report.listed) this.#tell({ state: "syncing", detail: why });
    else if (this.#failures > 0 || this.#unauthorized) this.#tell({ state: "stale", detail: why });
  }

  /** Not served: nothing of it exists, and that is a complete answer. */
  #absent(): number {
    for (const key of this.#keys) this.#sink.drop(key);
    this.#keys = new Set();
    this.#version = null;
    this.#failures = 0;
    this.#sink.flush();
    this.#tell({ state: "live", detail: notServed, heardAt: Date.now(), listed: true, refused: null });
    return this.#timings.absentMs;
  }

  async #pause(ms: number): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await this.#timer.sleep(ms, AbortSignal.any([this.#stop.signal, woken.signal])).catch(() => undefined);
    this.#wake = null;
  }

  async #open(query: Readonly<Record<string, string>>, compress: boolean, signal: AbortSignal): Promise<Incoming> {
    const path = `${this.#path}${this.#path.includes("?") ? "&" : "?"}${new URLSearchParams(query).toString()}`;
    const refused = this.#unauthorized;
    this.#unauthorized = false;
    const answer = await this.#link.open(path, { signal, compress, refused });
    if (answer.status >= 200 && answer.status < 300) {
      this.#refusedSince = null;
      return answer;
    }
    throw apiError(answer, await readText(answer, signal));
  }

  #deadline(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#timer.deadline(this.#timings.answerMs)]);
  }

  async #read(query: Readonly<Record<string, string>>): Promise<unknown> {
    const signal = this.#deadline();
    const text = await readText(await this.#open(query, true, signal), signal);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error("the answer to a list is not JSON");
    }
  }

  /** A cheap question after trouble: a server that is behind us would let our watch wait for ever. */
  async #compare(): Promise<void> {
    const version = text(at(await this.#read({ limit: "1" }), "metadata", "resourceVersion"));
    if (isOlder(version, this.#version ?? "")) this.#version = null;
    this.#broken = false;
  }

  async #list(): Promise<void> {
    // That it was not served is no reason why it is not read now.
    this.#tell({ state: "syncing", detail: this.#report.detail === notServed ? "" : this.#report.detail });
    const seen = new Set<string>();
    let version = "";
    for await (const page of pagesOf(this.#path, (query) => this.#read(query))) {
      for (const object of list(at(page, "items"))) seen.add(this.#put(object));
      version = text(at(page, "metadata", "resourceVersion"));
    }
    for (const key of this.#keys) if (!seen.has(key)) this.#sink.drop(key);
    this.#keys = seen;
    this.#version = version;
    this.#broken = false;
    this.#sink.flush();
    this.#tell({ state: "live", detail: "", heardAt: Date.now(), listed: true, refused: null });
  }

  #put(object: unknown): string {
    const key = keyOf(text(at(object, "metadata", "namespace")), text(at(object, "metadata", "name")));
    this.#sink.put(key, object, text(at(object, "metadata", "resourceVersion")));
    return key;
  }

  /** Reads one watch to its end; returns when the server ended it cleanly. */
  async #watch(): Promise<void> {
    const seconds = 300 + Math.floor(Math.random() * 300);
    const query = {
      watch: "true",
      allowWatchBookmarks: "true",
      timeoutSeconds: String(seconds),
      resourceVersion: this.#version ?? "",
    };
    this.#renewal = new AbortController();
    const watchdog = new Watchdog(this.#timer, this.#timings.idleMs);
    const distrusted = AbortSignal.any([watchdog.signal, this.#renewal.signal]);
    const signal = AbortSignal.any([this.#stop.signal, distrusted]);
    const openedAt = this.#timer.now();
    try {
      const answer = await this.#open(query, false, signal);
      if (this.#report.state !== "live") this.#tell({ state: "live", detail: "", heardAt: Date.now() });
      for await (const line of eachLine(answer.body, () => watchdog.heard())) this.#event(line, answer.hide);
    } catch (error) {
      if (!distrusted.aborted || this.#stop.signal.aborted) throw error;
      const why: unknown = distrusted.reason;
      // Opened again where it stopped it may wait for what will never come: the server may be behind us.
      throw new Distrust(why instanceof Error ? why.message : String(why));
    } finally {
      watchdog.stop();
      this.#sink.flush();
    }
    const lastedMs = this.#timer.now() - openedAt;
    this.#broken = lastedMs < seconds * 1_000 * 0.95;
    if (lastedMs < 1_000) throw new Error("the server ended the watch at once");
  }

  #event(line: string, hide: Incoming["hide"]): void {
    const event = eventIn(line);
    const object = at(event, "object");
    const type = text(at(event, "type"));
    if (type === "ERROR") {
      throw new ApiError(
        number(at(object, "code"), 500),
        text(at(object, "reason")),
        shortWords(text(at(object, "message"), "watch error"), hide),
      );
    }
    this.#failures = 0;
    const version = text(at(object, "metadata", "resourceVersion"));
    if (isOlder(version, this.#version ?? "")) {
      if (type !== "DELETED") throw new Distrust("the API server has gone back to an earlier state");
    } else if (version !== "") this.#version = version;
    if (type === "BOOKMARK") this.#tell({ heardAt: Date.now(), detail: "", state: "live" });
    else if (type === "DELETED") this.#forget(object);
    else this.#keys.add(this.#put(object));
  }

  #forget(object: unknown): void {
    const key = keyOf(text(at(object, "metadata", "namespace")), text(at(object, "metadata", "name")));
    this.#keys.delete(key);
    this.#sink.drop(key);
  }
}
