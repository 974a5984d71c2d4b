import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** A pod without a controller does not come back by itself. */
export const barePods: Check = {
  id: "bare-pods",
  check({ moving: facts, options }) {
    const bare = movablePods(facts)
      .filter(({ owner }) => owner === null)
      .map(fullName);
    if (bare.length === 0) return ok();
    if (!options.deleteBarePods) return blocker("pods-without-controller", some(bare), bare);
    return warning("pods-without-controller-deleted", some(bare), bare);
  },
};
