import type { PodFacts, WorkloadFacts } from "../model/facts.ts";
import type { RunOptions } from "../model/plan-types.ts";

/** Why one pod keeps its whole node from being drained, and what lifts that. */
export interface Refusal {
  readonly pod: string;
  readonly because: string;
  /** The option that allows it. */
  readonly remedy: string;
}

export interface Judgement {
  /** Pods to evict. */
  readonly leave: readonly PodFacts[];
  /** All refusals at once; while there is one, nothing of the node is touched. */
  readonly refusals: readonly Refusal[];
}

type Policy = Pick<RunOptions, "deleteEmptyDirData" | "deleteBarePods">;
type Opinion = "stays" | "leaves" | Omit<Refusal, "pod">;

export const podLabel = (pod: Pick<PodFacts, "namespace" | "name">) => `${pod.namespace}/${pod.name}`;

const finished = (pod: PodFacts) => pod.phase === "Succeeded" || pod.phase === "Failed";

function ownedByDaemonSet(pod: PodFacts): boolean {
  return pod.owner?.kind === "DaemonSet" && pod.owner.apiVersion === "apps/v1";
}

function ofDaemonSet(pod: PodFacts, policy: Policy, daemonSets: ReadonlySet<string>): Opinion {
  if (daemonSets.has(`${pod.namespace}/${pod.owner?.name}`)) return "stays";
  if (policy.deleteBarePods) return "leaves";
  return { because: "its DaemonSet is gone, so nothing would bring it back", remedy: "--delete-bare-pods" };
}

function ofOthers(pod: PodFacts, policy: Policy): Opinion {
  if (pod.emptyDirs.length > 0 && !policy.deleteEmptyDirData) {
    return { because: `it keeps data in emptyDir ${pod.emptyDirs.join(", ")}`, remedy: "--delete-emptydir-data" };
  }
  if (pod.owner === null && !policy.deleteBarePods) {
    return { because: "it has no controller, so nothing would bring it back", remedy: "--delete-bare-pods" };
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
  const refusals: Refusal[] = [];
  for (const pod of pods) {
    const says = opinion(pod, policy, daemonSets);
    if (says === "leaves") leave.push(pod);
    else if (says !== "stays") refusals.push({ pod: podLabel(pod), ...says });
  }
  return { leave, refusals };
}

/** All refusals in one sentence. */
export function refusalSentence(node: string, refusals: readonly Refusal[]): string {
  return `${node} cannot be drained: ${refusals.map(({ pod, because }) => `${pod}: ${because}`).join("; ")}`;
}

export function refusalRemedy(refusals: readonly Refusal[]): string {
  const options = [...new Set(refusals.map(({ remedy }) => remedy))].sort();
  return `start the run with ${options.join(" ")} or move these pods yourself, then press r to retry (s leaves the node out)`;
}
