import { CrossfadeError } from "../model/errors.ts";
import type { PodFacts, WorkloadFacts } from "../model/facts.ts";
import type { RunOptions } from "../model/plan-types.ts";
import { reason, type Undrainable } from "../model/reason.ts";

export interface Judgement {
  /** Pods to evict. */
  readonly leave: readonly PodFacts[];
  /** All refusals at once; while there is one, nothing of the node is touched. */
  readonly refusals: readonly Undrainable[];
}

type Policy = Pick<RunOptions, "deleteEmptyDirData" | "deleteBarePods">;
type Opinion = "stays" | "leaves" | Omit<Undrainable, "pod">;

export const podLabel = (pod: Pick<PodFacts, "namespace" | "name">) => `${pod.namespace}/${pod.name}`;

const finished = (pod: PodFacts) => pod.phase === "Succeeded" || pod.phase === "Failed";

function ownedByDaemonSet(pod: PodFacts): boolean {
  return pod.owner?.kind === "DaemonSet" && pod.owner.apiVersion === "apps/v1";
}

function ofDaemonSet(pod: PodFacts, policy: Policy, daemonSets: ReadonlySet<string>): Opinion {
  if (daemonSets.has(`${pod.namespace}/${pod.owner?.name}`)) return "stays";
  if (policy.deleteBarePods) return "leaves";
  return { why: "daemonset-gone", volumes: [] };
}

function ofOthers(pod: PodFacts, policy: Policy): Opinion {
  if (pod.emptyDirs.length > 0 && !policy.deleteEmptyDirData) {
    return { why: "emptydir", volumes: pod.emptyDirs };
  }
  if (pod.owner === null && !policy.deleteBarePods) {
    return { why: "no-controller", volumes: [] };
  }
  return "leaves";
}

function opinion(pod: PodFacts, policy: Policy, daemonSets: ReadonlySet<string>): Opinion {
  if (pod.mirror) return "stays";
  if (finished(pod)) return "leaves";
  return ownedByDaemonSet(pod) ? ofDaemonSet(pod, policy, daemonSets) : ofOthers(pod, policy);
}

/**
 * Judges every pod of a node before the first is touched, by the rules and in the order of kubectl drain
 * (kubectl pkg/drain filters: DaemonSet, mirror pod, local storage, unreplicated; finished pods pass).
 */
export function judgeDrain(pods: readonly PodFacts[], workloads: readonly WorkloadFacts[], policy: Policy): Judgement {
  const daemonSets = new Set(
    workloads.filter(({ kind }) => kind === "DaemonSet").map(({ namespace, name }) => `${namespace}/${name}`),
  );
  const leave: PodFacts[] = [];
  const refusals: Undrainable[] = [];
  for (const pod of pods) {
    const says = opinion(pod, policy, daemonSets);
    if (says === "leaves") leave.push(pod);
    else if (says !== "stays") refusals.push({ pod: podLabel(pod), ...says });
  }
  return { leave, refusals };
}

/** All refusals at once. */
export const drainRefused = (node: string, pods: readonly Undrainable[]): CrossfadeError =>
  new CrossfadeError(
    "DRAIN_REFUSED",
    reason("drain-refused", { node, pods }, { clearedBy: "person", actions: ["retry", "skip"] }),
  );
