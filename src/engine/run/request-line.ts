import type { EngineRequest } from "../model/events.ts";
import type { Changes } from "../model/ports/changes.ts";
import type { Reason } from "../model/reason.ts";

interface InLine {
  readonly request: EngineRequest;
  readonly at: number;
  readonly reply: (refused: Reason | null) => void;
}

/** Requests that wait for the end of a pass, in order; each wakes whoever sleeps. */
export class RequestLine {
  readonly #changes: () => Pick<Changes, "next">;
  readonly #line: InLine[] = [];
  readonly #wakers = new Set<() => void>();

  constructor(changes: () => Pick<Changes, "next">) {
    this.#changes = changes;
  }

  /** Resolves with the answer: null when it was taken, else why not. */
  add(request: EngineRequest, at: number): Promise<Reason | null> {
    return new Promise((reply) => {
      this.#line.push({ request, at, reply });
      this.wake();
    });
  }

  wake(): void {
    for (const wake of this.#wakers) wake();
  }

  /** Carries out each; one that fails stays the first in line. */
  async carryOut(one: (asked: Pick<InLine, "request" | "at">) => Promise<Reason | null>): Promise<void> {
    for (let next = this.#line[0]; next; next = this.#line[0]) {
      const answered = await one(next);
      this.#line.shift();
      next.reply(answered);
    }
  }

  /** Until the cluster changed, a request came, or the time is up. */
  async sleep(atMostMs: number, signal: AbortSignal): Promise<void> {
    if (this.#line.length > 0) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wakers.add(wake);
    try {
      await this.#changes().next(atMostMs, AbortSignal.any([signal, woken.signal]));
    } catch (thrown) {
      if (!woken.signal.aborted) throw thrown;
    } finally {
      this.#wakers.delete(wake);
    }
  }
}
