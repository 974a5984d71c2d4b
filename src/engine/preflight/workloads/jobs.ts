import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, ok, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/**
 * An eviction ends a Job's pod before its work is done, and counts against backoffLimit unless a podFailurePolicy ignores
 * DisruptionTarget: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export const jobs: Check = {
  id: "jobs",
  title: "Running Jobs",
  check({ moving: facts }) {
    const found = movablePods(facts)
      .filter(({ owner }) => owner?.kind === "Job")
      .map((pod) => `${fullName(pod)} on ${pod.node}`);
    if (found.length === 0) return ok("No Job is at work");
    const one = found.length === 1;
    return warning(
      `${counted(found.length, "pod")} of Jobs ${one ? "is" : "are"} stopped and ${one ? "begins" : "begin"} anew elsewhere, which counts against backoffLimit: ${someOf(found)}`,
      "let them end first, or give their Jobs a podFailurePolicy that ignores DisruptionTarget",
      found,
    );
  },
};
