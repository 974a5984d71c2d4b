import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** A pod without a controller does not come back by itself. */
export const barePods: Check = {
  id: "bare-pods",
  title: "Pods without a controller",
  check({ moving: facts, options }) {
    const bare = movablePods(facts)
      .filter(({ owner }) => owner === null)
      .map(fullName);
    if (bare.length === 0) return ok("Every pod has a controller");
    const found = `${counted(bare.length, "pod")} ${bare.length === 1 ? "has" : "have"} no controller: ${someOf(bare)}`;
    if (!options.deleteBarePods)
      return blocker(found, "move them yourself, or let them be deleted for good with --delete-bare-pods", bare);
    return warning(`${found}, and will be deleted for good`, "keep their manifests: kubectl get pod -o yaml", bare);
  },
};
