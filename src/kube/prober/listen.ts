import type { ProberLine } from "../../engine/model/probing/prober-line.ts";
import { ApiError } from "../client/api-error.ts";
import { backoffMs } from "../client/backoff.ts";
import type { LinkTimer } from "../client/link-timer.ts";
import { probeNamespace } from "../nodes/own-namespace-manifest.ts";
import { parseLine } from "./parse-line.ts";
import { proberContainer } from "./prober-manifest.ts";
import { lineSplitter } from "./split-lines.ts";

/** Opens a stream of the API server's; rejects with ApiError for its refusal. */
export interface LogLink {
  open(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** What is heard of a prober. A stream that is lost says nothing of the network. */
export interface ProberEar {
  line(line: ProberLine): void;
  /** Lines that were a prober's and could not be read. */
  malformed(): void;
  lost(why: string): void;
}

/** A prober says a line a second: a connection that carries none for so long is cut and opened anew. */
const silentMs = 10_000;
const firstRetryMs = 250;
const longestRetryMs = 10_000;
/** Lines that are read again when a stream is opened: those of its gap, and some more; they are numbered. */
const overlapSeconds = 5;
/** Of a longer gap the lines are not wanted any more. */
const mostSeconds = 300;

const logPath = (pod: string, sinceSeconds: number) =>
  `/api/v1/namespaces/${probeNamespace}/pods/${pod}/log?container=${proberContainer}&follow=true&sinceSeconds=${sinceSeconds}`;

/** Ends the try where nothing was heard for too long. */
async function cutSilence(timer: LinkTimer, heardAt: () => number, cut: AbortController): Promise<void> {
  while (!cut.signal.aborted) {
    await timer.sleep(silentMs / 2, cut.signal);
    if (timer.now() - heardAt() >= silentMs) cut.abort(new Error(`no line for ${silentMs / 1_000} s`));
  }
}

class Listener {
  readonly #link: LogLink;
  readonly #timer: LinkTimer;
  readonly #ear: ProberEar;
  #heardAt: number;
  #failures = 0;

  constructor(link: LogLink, timer: LinkTimer, ear: ProberEar) {
    this.#link = link;
    this.#timer = timer;
    this.#ear = ear;
    this.#heardAt = timer.now();
  }

  async run(pod: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const why = await this.#once(pod, signal);
      if (why === null || signal.aborted) return;
      this.#ear.lost(why);
      const waitMs = backoffMs(this.#failures++, firstRetryMs, longestRetryMs);
      await this.#timer.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Why the stream ended; null where its pod is gone. */
  async #once(pod: string, signal: AbortSignal): Promise<string | null> {
    const cut = new AbortController();
    const openedAt = this.#timer.now();
    const since = Math.ceil((openedAt - this.#heardAt) / 1_000) + overlapSeconds;
    const watched = cutSilence(this.#timer, () => Math.max(openedAt, this.#heardAt), cut).catch(() => undefined);
    try {
      const path = logPath(pod, Math.min(since, mostSeconds));
      const body = await this.#link.open(path, AbortSignal.any([signal, cut.signal]));
      const split = lineSplitter();
      for await (const chunk of body) for (const raw of split(chunk)) this.#take(raw);
      return "the log has ended";
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      const cause = cut.signal.aborted ? cut.signal.reason : error;
      return cause instanceof Error ? cause.message : String(cause);
    } finally {
      cut.abort(new Error("over"));
      await watched;
    }
  }

  #take(raw: string): void {
    const read = parseLine(raw);
    if (read.kind === "malformed") this.#ear.malformed();
    if (read.kind !== "line") return;
    this.#heardAt = this.#timer.now();
    this.#failures = 0;
    this.#ear.line(read.line);
  }
}

/**
 * Follows the log of one prober until its pod is gone or the signal ends it. Whatever becomes of the API server, it comes back and reads
 * the lines of the gap; lines may come twice, and are numbered.
 */
export const listenTo = (
  link: LogLink,
  timer: LinkTimer,
  { pod, ear, signal }: { readonly pod: string; readonly ear: ProberEar; readonly signal: AbortSignal },
): Promise<void> => new Listener(link, timer, ear).run(pod, signal);
