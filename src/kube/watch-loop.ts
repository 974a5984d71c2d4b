import { ApiError } from "./api-error.ts";
import { backoffMs } from "./backoff.ts";
import { eachLine } from "./lines.ts";
import { pageSize } from "./pages.ts";
import { keyOf } from "./projections.ts";
import { at, list, number, text } from "./read.ts";
import { apiError, type Incoming, readText } from "./send.ts";
import type { WatchReport } from "./watch-protocol.ts";

/** Waits of a watch, in milliseconds; tests shorten them. */
export interface WatchTimings {
  /** Without a byte for this long the connection counts as cut; bookmarks come every 60 s. */
  readonly idleMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Between looks at a resource that is not served (a CRD to come) or refused. */
  readonly absentMs: number;
  /** How long one answer's head or one page may take. */
  readonly answerMs: number;
}

export const usualTimings: WatchTimings = {
  idleMs: 90_000 + Math.random() * 30_000,
  firstRetryMs: 800,
  longestRetryMs: 30_000,
  absentMs: 15_000,
  answerMs: 60_000,
};

export interface WatchLink {
  /** Sends a GET; `refused` asks for new credentials first, after a 401. */
  open(
    path: string,
    options: { readonly signal: AbortSignal; readonly compress: boolean; readonly refused: boolean },
  ): Promise<Incoming>;
}

export interface WatchSink {
  put(key: string, object: unknown): void;
  drop(key: string): void;
  flush(): void;
  report(report: WatchReport): void;
}

/** One resource, listed and watched until stopped; whatever the server does, it comes back. */
export class WatchLoop {
  readonly #path: string;
  readonly #link: WatchLink;
  readonly #sink: WatchSink;
  readonly #timings: WatchTimings;
  readonly #stop = new AbortController();
  #keys = new Set<string>();
  #version: string | null = null;
  #failures = 0;
  #unauthorized = false;
  #wake: (() => void) | null = null;
  #report: WatchReport = { state: "syncing", detail: "", heardAt: 0, listed: false, refused: null };

  constructor(path: string, link: WatchLink, sink: WatchSink, timings: WatchTimings = usualTimings) {
    this.#path = path;
    this.#link = link;
    this.#sink = sink;
    this.#timings = timings;
  }

  stop(): void {
    this.#stop.abort(new Error("stopped"));
    this.#wake?.();
  }

  /** Ends a wait before the next try. */
  poke(): void {
    this.#wake?.();
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#version === null) await this.#list();
        await this.#watch();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const waitMs = this.#judge(error);
        this.#failures += 1;
        await this.#pause(waitMs);
      }
    }
  }

  #tell(change: Partial<WatchReport>): void {
    this.#report = { ...this.#report, ...change };
    this.#sink.report(this.#report);
  }

  /** What to do about a failure: how it is shown, and the milliseconds until the next try. */
  #judge(error: unknown): number {
    const retryMs = backoffMs(this.#failures, this.#timings.firstRetryMs, this.#timings.longestRetryMs);
    const why = error instanceof Error ? error.message : String(error);
    const status = error instanceof ApiError ? error.status : 0;
    if (status === 410) {
      this.#version = null;
      return retryMs;
    }
    if (status === 404) return this.#absent();
    if (status === 403) {
      this.#tell({ state: "stale", detail: why, refused: why });
      return this.#timings.absentMs * 2;
    }
    this.#unauthorized = status === 401;
    this.#showTrouble(why);
    return (error instanceof ApiError ? error.retryAfterMs : null) ?? retryMs;
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
    this.#tell({ state: "live", detail: "not served yet", heardAt: Date.now(), listed: true, refused: null });
    return this.#timings.absentMs;
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }

  async #open(query: Readonly<Record<string, string>>, compress: boolean, signal: AbortSignal): Promise<Incoming> {
    const path = `${this.#path}${this.#path.includes("?") ? "&" : "?"}${new URLSearchParams(query).toString()}`;
    const refused = this.#unauthorized;
    this.#unauthorized = false;
    const answer = await this.#link.open(path, { signal, compress, refused });
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw apiError(answer, await readText(answer, signal));
  }

  async #list(): Promise<void> {
    this.#tell({ state: "syncing" });
    const seen = new Set<string>();
    let token = "";
    let version = "";
    do {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(this.#timings.answerMs)]);
      const query = { limit: String(pageSize), ...(token === "" ? {} : { continue: token }) };
      const page: unknown = JSON.parse(await readText(await this.#open(query, true, signal), signal));
      for (const object of list(at(page, "items"))) seen.add(this.#put(object));
      version = text(at(page, "metadata", "resourceVersion"));
      token = text(at(page, "metadata", "continue"));
    } while (token !== "");
    for (const key of this.#keys) if (!seen.has(key)) this.#sink.drop(key);
    this.#keys = seen;
    this.#version = version;
    this.#sink.flush();
    this.#tell({ state: "live", detail: "", heardAt: Date.now(), listed: true, refused: null });
  }

  #put(object: unknown): string {
    const key = keyOf(text(at(object, "metadata", "namespace")), text(at(object, "metadata", "name")));
    this.#sink.put(key, object);
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
    const idle = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, idle.signal]);
    const silent = () => idle.abort(new Error("the watch went silent"));
    const watchdog = setTimeout(silent, this.#timings.idleMs);
    const openedAt = Date.now();
    try {
      const answer = await this.#open(query, false, signal);
      if (this.#report.state !== "live") this.#tell({ state: "live", detail: "", heardAt: Date.now() });
      for await (const line of eachLine(answer.body, () => watchdog.refresh())) this.#event(line);
    } catch (error) {
      if (!idle.signal.aborted) throw error;
      this.#tell({ detail: "the watch went silent and is opened again" });
    } finally {
      clearTimeout(watchdog);
      this.#sink.flush();
    }
    if (Date.now() - openedAt < 1_000) throw new Error("the server ended the watch at once");
  }

  #event(line: string): void {
    const event: unknown = JSON.parse(line);
    const object = at(event, "object");
    const type = text(at(event, "type"));
    if (type === "ERROR") {
      throw new ApiError(
        number(at(object, "code"), 500),
        text(at(object, "reason")),
        text(at(object, "message"), "watch error"),
      );
    }
    this.#failures = 0;
    const version = text(at(object, "metadata", "resourceVersion"));
    if (version !== "") this.#version = version;
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
