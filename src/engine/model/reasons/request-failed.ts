import { toFailure } from "../errors.ts";
import { type Reason, reason } from "../reason.ts";

/** A request that could not be carried out, with what it failed with. */
export const requestFailed = (thrown: unknown): Reason => reason("request-failed", { failure: toFailure(thrown) });
