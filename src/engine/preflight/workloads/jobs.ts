import { fullName } from "../../model/some-of.ts";
import { type Check, ok, some, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/**
 * An eviction ends a Job's pod before its work is done, and counts against backoffLimit unless a podFailurePolicy ignores
 * DisruptionTarget: https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-failure-policy
 */
export const jobs: Check = {
  id: "jobs",
  check({ moving: facts }) {
    const found = movablePods(facts)
      .filter(({ owner }) => owner?.kind === "Job")
      .map((pod) => `${fullName(pod)} on ${pod.node}`);
    return found.length === 0 ? ok() : warning("pods-of-jobs", some(found), found);
  },
};
