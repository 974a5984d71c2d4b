import type { CheckResult } from "../model/check-result.ts";
import type { ClusterFacts } from "../model/facts.ts";
import type { RunOptions } from "../model/plan-types.ts";
import { ok } from "../preflight/check.ts";
import { cutOverEstimateMs, inMinutes, newClusterEstimateMs } from "./estimate.ts";

/** What the plan is made of, as far as the three ways differ by it. */
interface Compared {
  /** Of the nodes that are moved. */
  readonly members: ClusterFacts;
  readonly source: string;
  readonly options: RunOptions;
  readonly estimateMs: number;
}

/** Why node by node, and what the two other ways would take on this cluster: no question, so never more than a fact. */
export function waysResult({ members, source, options, estimateMs }: Compared): CheckResult {
  const { nodes, workloads, localVolumes, services } = members;
  const statefulSets = workloads.filter(({ kind, desired }) => kind === "StatefulSet" && desired > 0).length;
  const volumes = localVolumes?.length ?? null;
  const counts = { nodes: nodes.length, statefulSets, localVolumes: volumes ?? 0 };
  const params = {
    source,
    nodes: counts.nodes,
    statefulSets,
    localVolumes: volumes,
    loadBalancers: services.filter(({ type }) => type === "LoadBalancer").length,
    minutes: inMinutes(estimateMs),
    cutOverMinutes: inMinutes(cutOverEstimateMs(options)),
    newClusterMinutes: inMinutes(newClusterEstimateMs(counts)),
  };
  return { check: "why-in-place", ...ok(counts.nodes === 1 ? "one-node-in-place" : "node-by-node", params) };
}
