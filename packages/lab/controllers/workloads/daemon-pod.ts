import type { Affinity, DaemonSet, Node, Pod, PodSpec, Toleration } from "../kinds.ts";
import { fitsNode } from "../scheduling/node-affinity.ts";
import { untolerated } from "../scheduling/tolerations.ts";
import { workloadPod } from "./workload-pod.ts";

const pressures = ["disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"];

/** What every DaemonSet pod tolerates beside what its template says; network-unavailable only on the host network. */
function daemonTolerations({ hostNetwork }: PodSpec): readonly Toleration[] {
  const exists = (name: string, effect: string) => ({
    key: `node.kubernetes.io/${name}`,
    operator: "Exists" as const,
    effect,
  });
  return [
    exists("not-ready", "NoExecute"),
    exists("unreachable", "NoExecute"),
    ...pressures.map((name) => exists(name, "NoSchedule")),
    ...(hostNetwork ? [exists("network-unavailable", "NoSchedule")] : []),
  ];
}

/** The pod for one node; the scheduler binds it there by its matchFields affinity. */
export function daemonPod(set: DaemonSet, node: string, hash: string): Pod {
  const pod = workloadPod(set, set.spec.template);
  pod.metadata.labels = {
    ...pod.metadata.labels,
    "controller-revision-hash": hash,
    "pod-template-generation": String(set.metadata.annotations?.["deprecated.daemonset.template.generation"] ?? 1),
  };
  pod.spec = {
    ...pod.spec,
    affinity: pinned(pod.spec.affinity, node),
    tolerations: withDaemonTolerations(pod.spec),
  };
  return pod;
}

function withDaemonTolerations(spec: PodSpec): Toleration[] {
  const own = spec.tolerations ?? [];
  const isThere = ({ key, effect }: Toleration) =>
    own.some((other) => other.key === key && other.effect === effect && other.operator === "Exists");
  return [...own, ...daemonTolerations(spec).filter((toleration) => !isThere(toleration))];
}

/** Replaces the required terms, as upstream does: whether the template's own fit the node was asked before. */
function pinned(affinity: Affinity | undefined, node: string): Affinity {
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] };
  return {
    ...affinity,
    nodeAffinity: {
      ...affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
}

/** Whether a node should get the set's pod, and whether one that runs there may stay. */
export function daemonEligibility(set: DaemonSet, node: Node): { readonly run: boolean; readonly stay: boolean } {
  const { spec } = set.spec.template;
  const { nodeName } = spec;
  if ((nodeName && nodeName !== node.metadata.name) || !fitsNode(spec, node)) return { run: false, stay: false };
  const tolerations = withDaemonTolerations(spec);
  const taints = node.spec?.taints;
  return {
    run: !untolerated(tolerations, taints, ["NoSchedule", "NoExecute"]),
    stay: !untolerated(tolerations, taints, ["NoExecute"]),
  };
}
