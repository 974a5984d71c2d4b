import type { PlannedNode, RebootMethod, RunOptions } from "../model/plan-types.ts";

/**
 * What things take on an ordinary cluster, in milliseconds, from field reports of two to twelve minutes a node: a guess
 * to plan an evening with. A running migration replaces it by what its own nodes took.
 */
const typical = {
  /** Most pods stop within seconds, ten at a time; some use their whole grace of 30 s. */
  drain: 15_000,
  perPod: 1_000,
  /** A new agent pod starts, and its datapath follows 5 to 15 s later. */
  agent: 35_000,
  verify: 15_000,
  install: 120_000,
  "verify-install": 45_000,
  /** Agents restart two at a time (the chart's maxUnavailable). */
  agentPair: 25_000,
  finalize: 60_000,
  /** Helm, and half a minute of watching. */
  enforce: 45_000,
  removeSource: 30_000,
  cleanNode: 5_000,
  /** A control plane, and what a cluster has besides its workloads. */
  newCluster: 45 * 60_000,
  /** Ten at a time. */
  newMachines: 10 * 60_000,
  /** To stop it here and start it there, its volume attached or copied: data of some gigabytes. */
  statefulSet: 10 * 60_000,
  localVolume: 15 * 60_000,
} as const;

const reboot: Readonly<Record<RebootMethod["method"], number>> = {
  none: 10_000,
  kind: 50_000,
  "privileged-pod": 170_000,
  command: 170_000,
  manual: 320_000,
};

/** `ofSourceMs`: what the steps of the source's own take on it. */
export function nodeEstimateMs(podsToMove: number, options: RunOptions, ofSourceMs = 0): number {
  const drain = podsToMove === 0 ? 0 : typical.drain + podsToMove * typical.perPod;
  const { method } = options.reboot;
  // A reboot starts the agent anew; without one it is restarted by itself.
  const agent = method === "none" ? typical.agent : 0;
  return drain + agent + reboot[method] + typical.verify + options.soakMs + ofSourceMs;
}

/** Everything, without the time that people take to consent. */
export function runEstimateMs(nodesMs: readonly number[], ofSourceMs = 0): number {
  const count = nodesMs.length;
  const before = typical.install + typical["verify-install"];
  const removal = typical.removeSource + count * typical.cleanNode;
  return before + nodesMs.reduce((sum, ms) => sum + ms, 0) + finalizeMs(count) + removal + ofSourceMs;
}

/** Policies in force as a step of its own: helm, every pair of agents once more, and a look at what is refused. */
export const enforceEstimateMs = (count: number): number => typical.enforce + Math.ceil(count / 2) * typical.agentPair;

/** What happens with the final values: once, and to every pair of agents. */
const finalizeMs = (count: number): number => typical.finalize + Math.ceil(count / 2) * typical.agentPair;

/**
 * From the first node's migration until Cilium enforces policies everywhere, without the time that people take to consent:
 * for so long pods on moved nodes have no policies, and the two networks stand side by side.
 */
export const hybridPhaseMs = (nodes: readonly Pick<PlannedNode, "estimateMs">[]): number =>
  nodes.reduce((sum, { estimateMs }) => sum + estimateMs, 0) +
  finalizeMs(nodes.length) +
  enforceEstimateMs(nodes.length);

/** As it is told: nothing takes less than a minute. */
export const inMinutes = (ms: number): number => Math.max(1, Math.round(ms / 60_000));

/** The other way in place: all nodes at once. Throughout it no pod of the cluster has a network. */
export const cutOverEstimateMs = ({ reboot: { method } }: RunOptions): number =>
  typical.removeSource + typical.install + reboot[method] + typical.verify;

/** A second cluster beside the first, and the workloads deployed there. */
export function newClusterEstimateMs(of: {
  readonly nodes: number;
  readonly statefulSets: number;
  readonly localVolumes: number;
}): number {
  const machines = Math.ceil(of.nodes / 10) * typical.newMachines;
  return typical.newCluster + machines + of.statefulSets * typical.statefulSet + of.localVolumes * typical.localVolume;
}
