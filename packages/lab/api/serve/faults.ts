import type { ApiError } from "../../store/api-error.ts";

/** What a fault is decided on. */
export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly userAgent: string;
}

/** What goes wrong with one request: late, refused, or cut off; late and then one of the others. */
export interface Fault {
  /** Lab time before anything else happens. */
  readonly delayMs?: number;
  readonly refusal?: ApiError;
  /** The connection is cut: before an answer, or `afterMs` of lab time into a stream. */
  readonly reset?: "now" | { readonly afterMs: number };
}

/** Asked once a request; null lets it pass. */
export type Faults = (request: FaultRequest) => Fault | null;
