import { Unavailable } from "../../engine/model/errors.ts";
import { ApiError } from "./api-error.ts";
import { isRefusedByAuthorizer, refusalLastsMs } from "./granted.ts";
import type { LinkTimer } from "./link-timer.ts";
import { apiError, type Incoming, readText } from "./send.ts";

/** One that said that it is ready is believed for so long. */
const readyForMs = 10_000;
const askAgainMs = 2_000;

/** The question itself: whoever may read nothing else may ask it (system:public-info-viewer). */
export const readyPath = "/readyz";

/** The API server refused us, and shows that it is only coming up: it does not know anybody's roles yet. */
export class ServerStarting extends Unavailable {
  /** After so long the refusal counts as a missing right, in milliseconds of the wall's. */
  readonly leftMs: number;

  constructor(message: string, leftMs: number, options: ErrorOptions) {
    super(message, askAgainMs, options);
    this.leftMs = leftMs;
  }
}

/** What of its answer to /readyz shows that it is only coming up; null where nothing does. */
export function signOfStarting(error: unknown): string | null {
  if (error instanceof Unavailable) return `it does not answer GET ${readyPath}: ${error.message}`;
  if (!(error instanceof ApiError)) return null;
  if (error.status === 403)
    return isRefusedByAuthorizer(error) ? `it refuses even GET ${readyPath}, which everybody may ask` : null;
  if (error.status < 500 && error.status !== 429) return null;
  return `it answers GET ${readyPath} with ${error.status}: ${error.message}`;
}

/** The same question over a way of one's own; whatever does not answer is not ready. */
export async function saysReady(open: (path: string) => Promise<Incoming>, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await open(readyPath);
    const said = await readText(answer, signal);
    return (answer.status >= 200 && answer.status < 300) || signOfStarting(apiError(answer, said)) === null;
  } catch {
    return false;
  }
}

/**
 * Whether a 403 of what was never allowed is an answer. A kube-apiserver that comes up refuses everybody but
 * system:masters until its RBAC informers are synced, /readyz included, and then calls itself not ready for a while; one
 * that is ready means what it says.
 */
export class Readiness {
  readonly #timer: LinkTimer;
  /** Asks /readyz, once; throws what the server answered otherwise. */
  readonly #ask: () => Promise<unknown>;
  #asking: Promise<string | null> | null = null;
  #readyAt = Number.NEGATIVE_INFINITY;
  #startingSince: number | null = null;
  #sign: string | null = null;

  constructor(timer: LinkTimer, ask: () => Promise<unknown>) {
    this.#timer = timer;
    this.#ask = ask;
  }

  /** What the server last showed of coming up; null where it was ready, or was not asked. */
  get sign(): string | null {
    return this.#sign;
  }

  /** Of a refused request that left at `sentAt`: whether it must be asked again before it is believed. */
  async mustAskAgain(refusal: ApiError, sentAt: number): Promise<boolean> {
    if (this.#readyAt <= sentAt && sentAt - this.#readyAt < readyForMs) return false;
    this.#asking ??= this.#look().finally(() => {
      this.#asking = null;
    });
    const sign = await this.#asking;
    if (sign === null) return true;
    const now = this.#timer.now();
    this.#startingSince ??= now;
    const leftMs = this.#startingSince + refusalLastsMs - now;
    if (leftMs <= 0) return false;
    const why = `the API server is starting and does not know its roles yet: ${sign}; meanwhile it says ${refusal.message}`;
    throw new ServerStarting(why, leftMs / this.#timer.speedup, { cause: refusal });
  }

  async #look(): Promise<string | null> {
    this.#sign = await this.#ask().then(() => null, signOfStarting);
    if (this.#sign === null) {
      this.#readyAt = this.#timer.now();
      this.#startingSince = null;
    }
    return this.#sign;
  }
}
