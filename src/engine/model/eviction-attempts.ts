import type { EvictionAnswer } from "./cluster/eviction-answer.ts";
import { remembered } from "./step-memory.ts";

/** What happened to one pod's eviction so far; kept in memory only, a restarted engine simply asks again. */
export interface Attempt {
  readonly tries: number;
  readonly nextAt: number;
  /** When it was asked for. */
  readonly at?: number;
  readonly answer: Exclude<EvictionAnswer, { kind: "gone" }> | Unanswered;
}

/** The API server failed on this one alone: it answered for others in the same pass. */
interface Unanswered {
  readonly kind: "unanswered";
  readonly message: string;
}

/** Pod uid → its last eviction. */
export type Attempts = Map<string, Attempt>;

/** Evictions that the present step asked for; a restarted engine begins with none and asks again. */
export const evictionAttempts = remembered<Attempts>(() => new Map());
