import { CouldNotAsk } from "../engine/errors.ts";
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

/** Nothing is heard any more when requests wait longer than this, and no other was answered meanwhile. */
const silentAfterMs = 10_000;

/** Whether and when a request may go out, by all that the others met: one for the client and its watches together. */
export class RequestGate {
  readonly circuit: Circuit;
  readonly budget: RequestBudget;
  readonly #timer: LinkTimer;
  /** When each request that is under way was sent. */
  readonly #underWay = new Set<{ readonly at: number }>();
  #heardAt = 0;

  constructor(timer: LinkTimer) {
    this.#timer = timer;
    this.circuit = new Circuit(timer);
    this.budget = new RequestBudget(timer);
  }

  /** Resolves when the request may go out; CouldNotAsk when it had better be forgotten for now. */
  async enter(manner: Manner, signal: AbortSignal): Promise<void> {
    if (manner === "urgent") return;
    const { circuit, budget } = this;
    const probes = circuit.open;
    circuit.pass();
    // What looks whether the server is back waits for no rate.
    if (probes) return;
    if (budget.closedMs > longestSilentWaitMs) {
      throw new CouldNotAsk("the API server asks for fewer requests (429 with Retry-After)", budget.closedMs);
    }
    await budget.take(signal, manner === "write");
    // It may have gone away while this one waited for its turn.
    if (circuit.open) circuit.pass();
  }

  /** A request is sent; the answer says that it is over. */
  sent(): () => void {
    const request = { at: this.#timer.now() };
    this.#underWay.add(request);
    return () => this.#underWay.delete(request);
  }

  /** Requests wait for a server that lets them in and says nothing: long before the first is given up. */
  get silent(): boolean {
    const [eldest] = this.#underWay;
    return eldest !== undefined && this.#timer.now() - Math.max(eldest.at, this.#heardAt) > silentAfterMs;
  }

  /** The server answered as it should. */
  answered(tookMs: number): void {
    this.#heardAt = this.#timer.now();
    this.budget.answered(tookMs);
    this.circuit.answered();
  }

  /** The server, or something before it, refused. */
  refused(error: ApiError, tookMs: number): void {
    this.#heardAt = this.#timer.now();
    const { status, retryAfterMs } = error;
    if (status === 429 && !isBudgetOfPods(error)) {
      this.budget.overloaded(retryAfterMs === null ? null : Math.min(retryAfterMs, longestClosedMs));
      this.circuit.answered();
    } else if ((status === 502 || status === 503 || status === 504) && !isAhead(error)) {
      this.budget.overloaded(retryAfterMs === null ? null : Math.min(retryAfterMs, longestSilentWaitMs));
      this.circuit.failed(`the API server answered ${status}: ${error.message}`);
    } else this.answered(tookMs);
  }

  /** No answer came. */
  lost(why: string): void {
    this.circuit.failed(why);
  }

  /** The request was called off before anything was known. */
  calledOff(): void {
    this.circuit.calledOff();
  }
}
