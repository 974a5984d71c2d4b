import http from "node:http";
import { ApiError } from "../client/api-error.ts";
import type { LinkSettings } from "../client/link-settings.ts";
import type { LinkTimer } from "../client/link-timer.ts";
import { learnCredentials } from "../client/redact.ts";
import { type Incoming, LinkError, retryAfterMs, send } from "../client/send.ts";
import { agentKey, socketAgent } from "../client/socket-agent.ts";
import type { WatchLink } from "./watch-loop.ts";
import type { FromWorker, Met, ToWorker } from "./watch-protocol.ts";

type Settings = Extract<ToWorker, { readonly ask: "settings" }>;

function metBy({ status, headers }: Incoming, tookMs: number): Met {
  if (status < 400) return { is: "answered", tookMs };
  return { is: "refused", status, message: http.STATUS_CODES[status] ?? "", retryAfterMs: retryAfterMs(headers) };
}

/** What a request met that no answer came to. */
function metInstead(error: unknown): Met {
  if (error instanceof LinkError) return { is: "lost", why: error.message };
  if (!(error instanceof ApiError)) return null;
  return { is: "refused", status: error.status, message: error.message, retryAfterMs: null };
}

/** The watches' way to the server: the main thread says when and as whom, and hears what each request met. */
export class WorkerLink implements WatchLink {
  readonly #say: (message: FromWorker) => void;
  readonly #timer: LinkTimer;
  readonly #waiting = new Map<number, (message: Settings) => void>();
  #nextId = 0;
  #pool: { readonly key: string; readonly agent: http.Agent } | null = null;

  constructor(say: (message: FromWorker) => void, timer: LinkTimer) {
    this.#say = say;
    this.#timer = timer;
  }

  async open(
    path: string,
    { signal, compress, refused }: { signal: AbortSignal; compress: boolean; refused: boolean },
  ): Promise<Incoming> {
    const found = await this.#settings(refused);
    learnCredentials(found);
    this.#say({ say: "sent", verb: path.includes("watch=true") ? "WATCH" : "GET" });
    const sentAt = this.#timer.now();
    try {
      const answer = await send(this.#agent(found), found, { method: "GET", path, signal, compress });
      this.#say({ say: "met", met: metBy(answer, this.#timer.now() - sentAt) });
      return answer;
    } catch (error) {
      this.#say({ say: "met", met: metInstead(error) });
      throw error;
    }
  }

  take(message: Settings): void {
    this.#waiting.get(message.id)?.(message);
    this.#waiting.delete(message.id);
  }

  close(): void {
    this.#pool?.agent.destroy();
  }

  #settings(refused: boolean): Promise<LinkSettings> {
    this.#nextId += 1;
    const id = this.#nextId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ settings, error }) =>
        settings === null ? reject(new Error(error)) : resolve(settings),
      );
      this.#say({ say: "settings-wanted", id, refused });
    });
  }

  #agent(found: LinkSettings): http.Agent {
    const key = agentKey(found);
    // The former pool is left to its open watches and dies with them.
    if (this.#pool?.key !== key) this.#pool = { key, agent: socketAgent(found) };
    return this.#pool.agent;
  }
}
