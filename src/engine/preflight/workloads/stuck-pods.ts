import type { PodFacts } from "../../model/facts.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { type Check, type CheckInput, ok, warning } from "../check.ts";
import { movablePods } from "./movable.ts";

/** The Job controller puts this on all of its pods, and lifts it by itself. */
const harmless = "batch.kubernetes.io/job-tracking";

/** How long past its deletionTimestamp, which has the grace period in it, a pod may be there before it counts as stuck. */
const patienceMs = 60_000;

function slow({ moving: facts, options }: CheckInput): readonly string[] {
  const limit = options.drainTimeoutMs / 1000;
  return movablePods(facts)
    .filter(({ terminationGraceSeconds }) => limit > 0 && terminationGraceSeconds >= limit)
    .map((pod) => `${fullName(pod)} (may take ${pod.terminationGraceSeconds} s to stop)`);
}

const stuck = (pod: PodFacts, at: number) => pod.terminatingAt !== null && at > pod.terminatingAt + patienceMs;

/** A drain ends only when its pods are gone, and these may outlast it. */
export const stuckPods: Check = {
  id: "stuck-pods",
  title: "Pods that may block the drain",
  check(input) {
    const facts = input.moving;
    const held = movablePods(facts)
      .filter(({ finalizers }) => finalizers.some((name) => name !== harmless))
      .map((pod) => `${fullName(pod)} (finalizer ${pod.finalizers.join(", ")})`);
    const hanging = facts.pods
      .filter((pod) => stuck(pod, facts.at))
      .map((pod) => `${fullName(pod)} (terminating for long)`);
    const all = [...hanging, ...held, ...slow(input)];
    if (all.length === 0) return ok("No pod has a finalizer, or hangs while it stops");
    return warning(
      `${counted(all.length, "pod")} may outlast a drain: ${someOf(all)}`,
      "mend the controllers that hold them, or give drains more time with --drain-timeout",
      all,
    );
  },
};
