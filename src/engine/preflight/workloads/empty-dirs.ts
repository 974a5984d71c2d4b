import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** An emptyDir goes with its pod; whether it holds a cache or data, only its owner knows. */
export const emptyDirs: Check = {
  id: "empty-dirs",
  title: "Pods with emptyDir data",
  check({ moving: facts, options }) {
    const pods = movablePods(facts).filter((pod) => pod.emptyDirs.length > 0);
    if (pods.length === 0) return ok("No pod that moves keeps data in an emptyDir");
    const lines = pods.map((pod) => `${fullName(pod)} (${pod.emptyDirs.join(", ")})`);
    const found = `${counted(pods.length, "pod")} ${pods.length === 1 ? "keeps" : "keep"} data in an emptyDir, lost with the move: ${someOf(lines)}`;
    if (options.deleteEmptyDirData) return warning(found, "make sure that it is only cache", lines);
    return blocker(found, "allow it with --delete-emptydir-data", lines);
  },
};
