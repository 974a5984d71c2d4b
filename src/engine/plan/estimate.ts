import type { RebootMethod, RunOptions } from "../model/plan-types.ts";

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
  removeSource: 30_000,
  cleanNode: 5_000,
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
  const after = typical.finalize + Math.ceil(count / 2) * typical.agentPair;
  const removal = typical.removeSource + count * typical.cleanNode;
  return before + nodesMs.reduce((sum, ms) => sum + ms, 0) + after + removal + ofSourceMs;
}
