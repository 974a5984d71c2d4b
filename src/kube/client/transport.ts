import type http from "node:http";
import { Unavailable } from "../../engine/model/errors.ts";
import type { Credentials } from "../auth/credentials.ts";
import { endOfCertificate } from "../auth/tls-material.ts";
import type { Fence } from "../lease/fence.ts";
import { admissionAnswer } from "./admission.ts";
import { ApiError } from "./api-error.ts";
import { backoffMs } from "./backoff.ts";
import { Granted, isRefusedByAuthorizer } from "./granted.ts";
import type { LinkSettings } from "./link-settings.ts";
import { type LinkTimer, steadyTimer } from "./link-timer.ts";
import { Readiness, readyPath } from "./readiness.ts";
import { type Manner, RequestGate } from "./request-gate.ts";
import { apiError, LateError, LinkError, readText, send, TooLongError } from "./send.ts";
import { agentKey, socketAgent } from "./socket-agent.ts";

export interface TransportCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Repeating it after a lost answer does no harm. */
  readonly idempotent: boolean;
  readonly retry: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Of a write: asked anew as each try leaves, and no try outlives what the lease has left. */
  readonly fence?: Fence | null;
  /** Waits for no budget and no probe: the lease's own renewals. */
  readonly urgent?: boolean;
}

const mostTries = 5;
/** A Retry-After beyond this is the caller's to sit out. */
const longestWaitMs = 30_000;

/** What is known of a call between its tries. */
interface Tries {
  attempt: number;
  refreshed: boolean;
  /** A server that is ready refused it, and it was asked again. */
  again: boolean;
}

/** An operation as its right is known: "GET" of a path, "EXEC" of a pod's. */
interface Asked {
  readonly method: string;
  readonly path: string;
}

const readyQuestion = {
  method: "GET",
  path: readyPath,
  idempotent: true,
  retry: false,
  timeoutMs: 5_000,
  signal: undefined,
  // Asked because the server has just answered: no budget and no probe is to be waited for.
  urgent: true,
} as const satisfies TransportCall;

/** The one pool and the one retry policy under every call of ours. */
export class Transport {
  readonly requests: Record<string, number> = {};
  readonly credentials: Credentials;
  readonly timer: LinkTimer;
  readonly gate: RequestGate;
  readonly granted: Granted;
  readonly readiness: Readiness;
  readonly #closing = new AbortController();
  #agent: { readonly key: string; readonly agent: http.Agent } | null = null;

  constructor(credentials: Credentials, timer: LinkTimer = steadyTimer()) {
    this.credentials = credentials;
    this.timer = timer;
    this.gate = new RequestGate(timer);
    this.granted = new Granted(timer);
    this.readiness = new Readiness(timer, () =>
      this.#once(readyQuestion).catch((error: unknown) => {
        throw asFailure(error);
      }),
    );
  }

  /** The shared keep-alive agent for these settings. */
  agent(settings: LinkSettings): http.Agent {
    const key = agentKey(settings);
    if (this.#agent?.key !== key) {
      this.#agent?.agent.destroy();
      this.#agent = { key, agent: socketAgent(settings) };
    }
    return this.#agent.agent;
  }

  count(verb: string, by = 1): void {
    this.requests[verb] = (this.requests[verb] ?? 0) + by;
  }

  /** The body of the answer. Throws ApiError, Unavailable, or the signal's reason. */
  async call(call: TransportCall): Promise<string> {
    const tries: Tries = { attempt: 0, refreshed: false, again: false };
    for (;;) {
      const sentAt = this.timer.now();
      try {
        const text = await this.#once(call);
        this.granted.answered(call.method, call.path);
        return text;
      } catch (error) {
        const judged = await this.judged(error, call, sentAt);
        const isFirst = judged === null && !tries.again;
        tries.again ||= isFirst;
        if (!isFirst) await this.#beforeNextTry(judged ?? error, call, tries);
      }
    }
  }

  /** What is to be made of a failure of what left at `sentAt`; null where it is to be asked again at once. */
  async judged(error: unknown, { method, path }: Asked, sentAt: number): Promise<unknown> {
    const judged = this.granted.judged(error, method, path);
    if (!isRefusedByAuthorizer(judged)) return judged;
    try {
      return (await this.readiness.mustAskAgain(judged, sentAt)) ? null : judged;
    } catch (starting) {
      return starting;
    }
  }

  /** Returns when the call may be sent again; throws what the caller gets when it may not. */
  async #beforeNextTry(error: unknown, call: TransportCall, tries: Tries): Promise<void> {
    if (error instanceof ApiError && error.status === 401 && !tries.refreshed) {
      tries.refreshed = true;
      if (await this.credentials.refresh()) return;
    }
    // Whoever was refused by admission knows best when to ask again.
    const mayRetry = call.retry && tries.attempt + 1 < mostTries && !admissionAnswer(error);
    const waitMs = mayRetry ? retryIn(error, call, tries.attempt) : null;
    if (waitMs === null) throw asFailure(await this.#explained(error));
    tries.attempt += 1;
    await this.timer.sleep(waitMs, this.#signal(call.signal));
  }

  /** A 401 says nothing of why: of a certificate that has ended we know it. */
  async #explained(error: unknown): Promise<unknown> {
    if (!(error instanceof ApiError) || error.status !== 401) return error;
    const { tls } = await this.credentials.current().catch(() => ({ tls: { cert: "" } }));
    const end = endOfCertificate(tls.cert ?? "");
    if (end === null || end > Date.now()) return error;
    const why = `${error.message}; the client certificate expired at ${new Date(end).toISOString()}`;
    return new ApiError(401, error.reason, why, { causes: error.causes, retryAfterMs: error.retryAfterMs });
  }

  async #once(call: TransportCall): Promise<string> {
    const outer = this.#signal(call.signal);
    outer.throwIfAborted();
    await this.gate.enter(mannerOf(call), outer);
    const sentAt = this.timer.now();
    const over = this.gate.sent();
    try {
      const text = await this.#try(call, outer);
      this.gate.answered(this.timer.now() - sentAt);
      return text;
    } catch (error) {
      if (outer.aborted) this.gate.calledOff();
      else if (error instanceof LinkError) this.gate.lost(error.message, error instanceof LateError);
      else if (admissionAnswer(error)) this.gate.answered(this.timer.now() - sentAt);
      else if (error instanceof ApiError) this.gate.refused(error, this.timer.now() - sentAt);
      else if (error instanceof TooLongError) this.gate.answered(this.timer.now() - sentAt);
      else this.gate.calledOff();
      throw error;
    } finally {
      over();
    }
  }

  async #try(call: TransportCall, outer: AbortSignal): Promise<string> {
    const settings = await this.credentials.current();
    const { timeoutMs, leaving } = underFence(call, this.timer.speedup);
    const timeout = this.timer.deadline(timeoutMs);
    const signal = AbortSignal.any([outer, timeout]);
    this.count(call.method);
    try {
      const answer = await send(this.agent(settings), settings, { ...call, ...leaving, signal, compress: true });
      const text = await readText(answer, signal);
      if (answer.status >= 200 && answer.status < 300) return text;
      throw apiError(answer, text);
    } catch (error) {
      if (error instanceof TooLongError) throw new TooLongError(call.path);
      if (!timeout.aborted || outer.aborted) throw error;
      throw new LateError(settings.server, timeoutMs);
    }
  }

  #signal(signal: AbortSignal | undefined): AbortSignal {
    return signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
  }

  close(): void {
    this.#closing.abort(new Unavailable("the connection to the cluster was closed"));
    this.#agent?.agent.destroy();
  }
}

/** What the lease allows one try of a write: throws when nothing. */
function underFence(
  { fence, timeoutMs }: TransportCall,
  speedup: number,
): {
  readonly timeoutMs: number;
  readonly leaving: { readonly onLeaving?: () => void };
} {
  if (!fence) return { timeoutMs, leaving: {} };
  fence.check();
  return {
    timeoutMs: Math.min(timeoutMs, Math.ceil(fence.leftMs() * speedup)),
    leaving: { onLeaving: () => fence.check() },
  };
}

function mannerOf({ method, urgent }: TransportCall): Manner {
  if (urgent === true) return "urgent";
  return method === "GET" ? "read" : "write";
}

/** Milliseconds after which the call may be tried again, or null when it must not be. */
function retryIn(error: unknown, call: TransportCall, attempt: number): number | null {
  if (error instanceof LinkError) {
    return call.idempotent || !error.sent ? backoffMs(attempt, 250, 5_000) : null;
  }
  if (!(error instanceof ApiError)) return null;
  if (error.status === 429) return within(error.retryAfterMs ?? backoffMs(attempt, 1_000, 10_000));
  if (!call.idempotent || ![500, 502, 503, 504].includes(error.status)) return null;
  return within(error.retryAfterMs ?? backoffMs(attempt, 500, 8_000));
}

function within(waitMs: number): number | null {
  return waitMs > longestWaitMs ? null : waitMs;
}

function asFailure(error: unknown): unknown {
  return error instanceof LinkError ? new Unavailable(error.message, null, { cause: error }) : error;
}
