import type { ClusterFacts, PodFacts } from "../../model/facts.ts";

const ownedByDaemonSet = ({ owner }: PodFacts) => owner?.kind === "DaemonSet";

/** A pod that is there to stay: neither finished nor on its way out. */
export const isAlive = (pod: PodFacts) =>
  pod.terminatingAt === null && (pod.phase === "Running" || pod.phase === "Pending");

/** Pods that a drain takes off their node: not those of a DaemonSet, and not static ones. */
export function movablePods(facts: ClusterFacts): readonly PodFacts[] {
  return facts.pods.filter((pod) => pod.node !== null && isAlive(pod) && !pod.mirror && !ownedByDaemonSet(pod));
}
