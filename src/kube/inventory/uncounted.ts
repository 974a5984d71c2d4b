import type { UncountedFacts } from "../../engine/model/cluster/uncounted-facts.ts";
import { Unavailable } from "../../engine/model/errors.ts";
import { ApiError } from "../client/api-error.ts";

/**
 * The lists that only feed a warning: where one cannot be read (a right that is missing, a conversion webhook that is down)
 * the sweep goes on without it, and says so. What is not served (404) has no objects, and that is a complete answer.
 */
export class Uncounted {
  readonly #all: UncountedFacts[] = [];

  get all(): readonly UncountedFacts[] {
    return this.#all;
  }

  /** `list` in full: networkpolicies.networking.k8s.io. */
  async unless<T>(list: string, asking: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await asking;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return otherwise;
      const isRefused = error instanceof ApiError && (error.status === 403 || error.status >= 500);
      if (!isRefused && !(error instanceof Unavailable)) throw error;
      this.#all.push({ list, why: error.message });
      return otherwise;
    }
  }
}
