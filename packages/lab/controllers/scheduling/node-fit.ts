import type { Node, Pod } from "../kinds.ts";
import { quantity } from "../quantity.ts";
import { fitsNode } from "./node-affinity.ts";
import type { NodeLoad } from "./node-load.ts";
import type { PodDemand } from "./pod-demand.ts";
import { untolerated } from "./tolerations.ts";

/** What is asked of a node: the pod, what it takes, and what is taken already. */
export interface Candidate {
  readonly pod: Pod;
  readonly demand: PodDemand;
  readonly node: Node;
  readonly load: NodeLoad;
}

const cordonTaint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

/** Why the node does not take the pod, in kube-scheduler's words and order; the first filter that refuses speaks alone. */
export function refusals({ pod, demand, node, load }: Candidate): readonly string[] {
  const { tolerations } = pod.spec;
  if (node.spec?.unschedulable && untolerated(tolerations, [cordonTaint], ["NoSchedule"])) {
    return ["node(s) were unschedulable"];
  }
  const taint = untolerated(tolerations, node.spec?.taints, ["NoSchedule", "NoExecute"]);
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`];
  if (!fitsNode(pod.spec, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  if (demand.hostPorts.some((port) => load.hostPorts.has(port))) {
    return ["node(s) didn't have free ports for the requested pod ports"];
  }
  return shortages(demand, node, load);
}

function shortages(demand: PodDemand, node: Node, load: NodeLoad): readonly string[] {
  const { pods, cpu, memory } = node.status?.allocatable ?? {};
  const reasons: string[] = [];
  if (load.pods + 1 > quantity(pods ?? 110)) reasons.push("Too many pods");
  if (demand.cpu && load.cpu + demand.cpu > quantity(cpu) + 1e-9) reasons.push("Insufficient cpu");
  if (demand.memory && load.memory + demand.memory > quantity(memory)) reasons.push("Insufficient memory");
  return reasons;
}

const resolvable =
  /^(Insufficient|Too many|node\(s\) didn't (have free ports|match pod (anti-affinity|topology spread constraints$)|satisfy existing))/;

/** The message of PodScheduled=False; the lab's scheduler never preempts and says what upstream says when that is no use. */
export function unschedulableMessage(reasons: readonly (readonly string[])[]): string {
  const all = reasons.length;
  if (!all) return "no nodes available to schedule pods";
  const helped = reasons.filter((list) => list.every((reason) => resolvable.test(reason))).length;
  const preemption = tally([
    ...Array<string>(helped).fill("No preemption victims found for incoming pod"),
    ...Array<string>(all - helped).fill("Preemption is not helpful for scheduling"),
  ]);
  const none = `0/${all} nodes are available:`;
  return `${none} ${tally(reasons.flat())}. preemption: ${none} ${preemption}.`;
}

function tally(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ");
}
