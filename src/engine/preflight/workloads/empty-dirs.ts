import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** An emptyDir goes with its pod; whether it holds a cache or data, only its owner knows. */
export const emptyDirs: Check = {
  id: "empty-dirs",
  check({ moving: facts, options }) {
    const pods = movablePods(facts).filter((pod) => pod.emptyDirs.length > 0);
    if (pods.length === 0) return ok();
    const lines = pods.map((pod) => `${fullName(pod)} (${pod.emptyDirs.join(", ")})`);
    if (options.deleteEmptyDirData) return warning("pods-with-empty-dir-deleted", some(lines), lines);
    return blocker("pods-with-empty-dir", some(lines), lines);
  },
};
