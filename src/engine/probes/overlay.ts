import type { CiliumNodeFacts } from "../model/facts.ts";
import type { ProbeEnd, Question } from "./crossings.ts";

/** Others that a node asks: with steps that double round the ring, so that nobody is far from anybody on 5,000 nodes. */
const mostPeers = 8;

/** Up to so many nodes every pair is asked. */
function peersOf<T>(ring: readonly T[], at: number): readonly T[] {
  const count = ring.length;
  const steps =
    count - 1 <= mostPeers
      ? Array.from({ length: Math.max(0, count - 1) }, (_, index) => index + 1)
      : Array.from({ length: mostPeers }, (_, index) => 2 ** index).filter((step) => step < count);
  return steps.flatMap((step) => ring[(at + step) % count] ?? []);
}

/**
 * Whether Cilium's tunnel carries packets, before a pod is on it: from each node's probe, wherever that is, to the health
 * endpoints that Cilium itself has in the new range of other nodes. Their route leads through the tunnel, and so does the answer's.
 */
export function overlayQuestions(
  ends: readonly ProbeEnd[],
  nodes: readonly CiliumNodeFacts[],
): readonly (readonly Question[])[] {
  const healthIps = new Map(nodes.map(({ name, healthIp }) => [name, healthIp]));
  return ends.map((from, at) =>
    peersOf(ends, at).map((to) => ({
      from: from.pod,
      target: { kind: "health", ip: healthIps.get(to.pod.node) ?? "" },
      between: `${from.pod.node} → ${to.pod.node}`,
    })),
  );
}
