import { Unavailable } from "../../engine/model/errors.ts";
import { ApiError } from "./api-error.ts";
import type { LinkTimer } from "./link-timer.ts";

/**
 * For so long a right that we had counts as not yet known to the API server, and not as taken away: one that has just
 * started answers 403 to whoever is not in system:masters until its RBAC informers are synced.
 */
export const refusalLastsMs = 60_000;
const askAgainMs = 2_000;

/** The authorizer's own words, as against those of admission (a quota, PodSecurity, a namespace that goes). */
const byAuthorizer = /forbidden: User "[^"]*" cannot /;

/** A refusal by whoever knows the roles. */
export const isRefusedByAuthorizer = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status === 403 && byAuthorizer.test(error.message);

/** "GET nodes", "PATCH pods": names and namespaces left out, for a server that starts knows none of them. */
function rightOf(method: string, path: string): string {
  const [, place = "", rest = ""] =
    /^\/(?:api|apis\/[^/]+)\/[^/]+\/(namespaces\/[^/]+\/(?=[^/?]))?([^?]*)/.exec(path) ?? [];
  const [resource = path, , subresource = ""] = rest.split("/");
  return `${method} ${place === "" ? "" : "namespaced "}${resource} ${subresource}`;
}

/** What the API server let us do before, in this process. */
export class Granted {
  readonly #timer: LinkTimer;
  readonly #rights = new Set<string>();
  readonly #refusedSince = new Map<string, number>();

  constructor(timer: LinkTimer) {
    this.#timer = timer;
  }

  answered(method: string, path: string): void {
    const right = rightOf(method, path);
    this.#rights.add(right);
    this.#refusedSince.delete(right);
  }

  /** The refusal as it is to be taken: of what was allowed before it is no answer, unless it lasts. */
  judged(error: unknown, method: string, path: string): unknown {
    if (!isRefusedByAuthorizer(error)) return error;
    const right = rightOf(method, path);
    if (!this.#rights.has(right)) return error;
    const since = this.#refusedSince.get(right) ?? this.#timer.now();
    this.#refusedSince.set(right, since);
    if (this.#timer.now() - since >= refusalLastsMs) return error;
    return new Unavailable(
      `the API server refuses what it allowed before, as one does that has just started: ${error.message}`,
      askAgainMs,
      { cause: error },
    );
  }
}
