import { Unavailable } from "../../engine/model/errors.ts";
import type { ApiError } from "./api-error.ts";
import { Circuit } from "./circuit.ts";
import type { LinkTimer } from "./link-timer.ts";
import { RequestBudget } from "./request-budget.ts";

/** Reads wait for the budget, writes only for a Retry-After, and the lease for nobody: it has a deadline of its own. */
export type Manner = "read" | "write" | "urgent";

/** Whoever would wait longer than this is told so instead: a hold with its reason says more than silence. */
const longestSilentWaitMs = 5_000;
/** A server that asks for more than this is asked again all the same, once. */
const longestClosedMs = 60_000;

/** A budget that is spent says "not now" for the pod, not for the client: the API server answers both with 429. */
const isBudgetOfPods = ({ causes }: ApiError) => causes.some(({ reason }) => reason === "DisruptionBudget");

/** The answer of a server that is well, to a client that has seen a later state than it has. */
const isAhead = ({ message }: ApiError) => /too large resource version/i.test(message);

/** A server that answers nothing of what it is asked for this long is silent. */
const silentAfterMs = 10_000;

/** Whether and when a request may go out, by all that the others met: one for the client and its watches together. */
export class RequestGate {
  readonly circuit: Circuit;
  readonly budget: RequestBudget;
  readonly #timer: LinkTimer;
  readonly #underWay = new Set<symbol>();
  #heardAt: number;
  /** Since when there was something to answer, and nothing was; null while there is nothing to answer. */
  #unansweredSince: number | null = null;
  /** Requests were given up since the last answer: that none is under way just now is no comfort. */
  #gaveUp = false;
  /** The last answer was that we are nobody it knows. */
  #unauthorized = false;

  constructor(timer: LinkTimer) {
    this.#timer = timer;
    this.circuit = new Circuit(timer);
    this.budget = new RequestBudget(timer);
    this.#heardAt = timer.now();
  }

  /** Resolves when the request may go out; Unavailable when it had better be forgotten for now. */
  async enter(manner: Manner, signal: AbortSignal): Promise<void> {
    if (manner === "urgent") return;
    const { circuit, budget } = this;
    const probes = circuit.open;
    circuit.pass();
    // What looks whether the server is back waits for no rate.
    if (probes) return;
    if (budget.closedMs > longestSilentWaitMs) {
      throw new Unavailable("the API server asks for fewer requests (429 with Retry-After)", budget.closedMs);
    }
    await budget.take(signal, manner === "write");
    // It may have gone away while this one waited for its turn.
    if (circuit.open) circuit.pass();
  }

  /** A request is sent; the answer says that it is over. */
  sent(): () => void {
    const request = Symbol("request");
    this.#underWay.add(request);
    this.#unansweredSince ??= this.#timer.now();
    return () => {
      this.#underWay.delete(request);
      if (this.#underWay.size === 0 && !this.#gaveUp) this.#unansweredSince = null;
    };
  }

  /** Milliseconds since the last answer. */
  get quietMs(): number {
    return this.#timer.now() - this.#heardAt;
  }

  /** Why nothing gets through now, or null. */
  get trouble(): string | null {
    // A server that lets requests in and says nothing is told of long before the first of them is given up.
    const since = this.#unansweredSince;
    if (since !== null && this.#timer.now() - since > silentAfterMs) return "the API server does not answer";
    // Watches that are open go on telling, and so hide it.
    return this.#unauthorized ? "the API server does not accept our credentials (Unauthorized)" : this.circuit.why;
  }

  #heard(status: number): void {
    this.#heardAt = this.#timer.now();
    this.#unauthorized = status === 401;
    this.#gaveUp = false;
    // The others may only be slow, from now on.
    this.#unansweredSince = this.#underWay.size === 0 ? null : this.#heardAt;
  }

  /** The server answered as it should. */
  answered(tookMs: number): void {
    this.#answered(tookMs, 200);
  }

  #answered(tookMs: number, status: number): void {
    this.#heard(status);
    this.budget.answered(tookMs);
    this.circuit.answered();
  }

  /** The server, or something before it, refused. */
  refused(error: ApiError, tookMs: number): void {
    const { status, retryAfterMs } = error;
    this.#heard(status);
    if (status === 429 && !isBudgetOfPods(error)) {
      this.budget.overloaded(retryAfterMs === null ? null : Math.min(retryAfterMs, longestClosedMs));
      this.circuit.answered();
    } else if ((status === 502 || status === 503 || status === 504) && !isAhead(error)) {
      this.budget.overloaded(retryAfterMs === null ? null : Math.min(retryAfterMs, longestSilentWaitMs));
      this.circuit.failed(`the API server answered ${status}: ${error.message}`);
    } else this.#answered(tookMs, status);
  }

  /** No answer came; `late`: none within its time, over a connection that stood. */
  lost(why: string, late = false): void {
    if (late) this.#gaveUp = true;
    this.circuit.failed(why);
  }

  /** The request was called off before anything was known. */
  calledOff(): void {
    this.circuit.calledOff();
  }
}
