import { virtualMark } from "../model/cluster/virtual-node.ts";
import type { ClusterFacts, NodeFacts, WorkloadFacts } from "../model/facts.ts";
import { isOfSource, isPodOfSource } from "../model/plan/source-workloads.ts";
import type { OutsideNode, SourceFacts } from "../model/plan-types.ts";
import { serves } from "../observe/serves.ts";

type Workloads = readonly Pick<WorkloadFacts, "kind" | "namespace" | "name" | "placement">[];

const ofSource = (source: SourceFacts, workloads: Workloads) =>
  workloads.filter((workload) => workload.kind === "DaemonSet" && isOfSource(source, workload));

/** Why a node takes no part in the run, now or later; null for one that is to be moved. */
export function outsideBecause(node: NodeFacts, source: SourceFacts, workloads: Workloads): string | null {
  const mark = virtualMark(node);
  if (mark !== null)
    return `a virtual node (${mark}): its pods run elsewhere, and there is no CNI of its own to change`;
  // Windows is served by a DaemonSet of its own and refused by name; it must not pass for a node that nobody serves.
  const own = ofSource(source, workloads);
  if (node.operatingSystem === "windows" || own.length === 0) return null;
  if (own.some(({ placement }) => serves(placement, node))) return null;
  return `no DaemonSet of the source serves it (${own.map(({ name }) => name).join(", ")})`;
}

/** Nodes that take no part, whoever is asked: a node on which a pod of the source runs does. */
export function outsideNodes(facts: ClusterFacts, source: SourceFacts): readonly OutsideNode[] {
  const served = new Set(facts.pods.filter((pod) => isPodOfSource(source, pod)).map(({ node }) => node));
  return facts.nodes.flatMap((node) => {
    if (served.has(node.name) && virtualMark(node) === null) return [];
    const because = outsideBecause(node, source, facts.workloads);
    return because === null ? [] : [{ name: node.name, because }];
  });
}

/** The facts as if these nodes, and the pods on them, were not there. */
export function without(facts: ClusterFacts, names: readonly string[]): ClusterFacts {
  if (names.length === 0) return facts;
  const out = new Set(names);
  return {
    ...facts,
    nodes: facts.nodes.filter(({ name }) => !out.has(name)),
    pods: facts.pods.filter(({ node }) => node === null || !out.has(node)),
  };
}
