import type { ControlPlane } from "../control-plane.ts";
import type { Node, Pod } from "../kinds.ts";
import { pinnedNode } from "../scheduling/node-affinity.ts";
import { type Candidate, refusals } from "../scheduling/node-fit.ts";
import type { NodeLoads } from "../scheduling/node-load.ts";
import { nodeScore } from "../scheduling/node-score.ts";
import { affinityRefusal } from "../scheduling/pod-affinity.ts";
import { podDemand } from "../scheduling/pod-demand.ts";
import { type SpreadRule, spreadRules } from "../scheduling/topology-spread.ts";
import { volumeRefusal } from "../scheduling/volume-node.ts";

/** The node for a pod, or one list of reasons for each node that refuses. */
export interface Search {
  readonly best: string | null;
  readonly reasons: readonly (readonly string[])[];
}

const elsewhere: readonly string[] = ["node(s) didn't match Pod's node affinity/selector"];

/** Filters and scores the nodes from a random one on; a pinned pod looks at its own only. */
export function findNode(plane: ControlPlane, loads: NodeLoads, pod: Pod): Search {
  const nodes = plane.store.list<Node>("nodes");
  const pinned = pinnedNode(pod.spec);
  const only = pinned === undefined ? undefined : plane.store.get<Node>("nodes", null, pinned);
  if (!only) return search(plane, loads, pod, inTurn(nodes, plane.random.between(0, Math.max(0, nodes.length - 1))));
  const { best, reasons } = search(plane, loads, pod, [only]);
  return { best, reasons: [...reasons, ...Array<readonly string[]>(nodes.length - 1).fill(elsewhere)] };
}

/** As upstream, large clusters are not searched to the end: 50 % less one per 125 nodes, but 100 at least. */
export function feasibleEnough(nodes: number): number {
  if (nodes <= 100) return nodes;
  return Math.max(100, Math.floor((nodes * Math.max(5, 50 - Math.floor(nodes / 125))) / 100));
}

function search(plane: ControlPlane, loads: NodeLoads, pod: Pod, nodes: readonly Node[]): Search {
  const demand = podDemand(pod);
  const rules = spreadRules(plane, pod);
  const reasons: (readonly string[])[] = [];
  let best: { name: string; score: number } | null = null;
  let left = feasibleEnough(nodes.length);
  for (const node of nodes) {
    const candidate: Candidate = { pod, demand, node, load: loads.of(node.metadata.name) };
    const refused = whyNot(plane, loads, candidate, rules);
    if (refused.length) {
      reasons.push(refused);
      continue;
    }
    const score = nodeScore(candidate);
    if (!best || score > best.score) best = { name: node.metadata.name, score };
    left -= 1;
    if (left === 0) break;
  }
  return { best: best?.name ?? null, reasons };
}

function inTurn(nodes: readonly Node[], start: number): readonly Node[] {
  return [...nodes.slice(start), ...nodes.slice(0, start)];
}

function whyNot(
  { store }: ControlPlane,
  loads: NodeLoads,
  candidate: Candidate,
  rules: readonly SpreadRule[],
): readonly string[] {
  const refused = refusals(candidate);
  if (refused.length) return refused;
  const { pod, node } = candidate;
  const volumes = volumeRefusal(store, pod, node);
  if (volumes) return [volumes];
  const uneven = rules.map((rule) => rule(node)).find((reason) => reason !== null);
  const reason = uneven ?? affinityRefusal(store, loads, pod, node);
  return reason ? [reason] : [];
}
