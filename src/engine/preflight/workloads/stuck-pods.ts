import type { PodFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { type Check, type CheckInput, ok, some, warning } from "../check.ts";
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
  check(input) {
    const facts = input.moving;
    const held = movablePods(facts)
      .filter(({ finalizers }) => finalizers.some((name) => name !== harmless))
      .map((pod) => `${fullName(pod)} (finalizer ${pod.finalizers.join(", ")})`);
    const hanging = facts.pods
      .filter((pod) => stuck(pod, facts.at))
      .map((pod) => `${fullName(pod)} (terminating for long)`);
    const all = [...hanging, ...held, ...slow(input)];
    return all.length === 0 ? ok() : warning("pods-may-outlast-drain", some(all), all);
  },
};
