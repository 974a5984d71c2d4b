import type { ProbePath } from "../events.ts";
import type { ProbePod, ProbeTarget } from "../ports.ts";

/** Which network each probe pod is on, told from its address and never from its node. */
export interface ProbeEnd {
  readonly pod: ProbePod;
  readonly network: "source" | "cilium";
}

/** One question: does a packet of `from` reach `to`? */
export interface Crossing {
  readonly path: ProbePath;
  readonly from: ProbePod;
  readonly target: ProbeTarget;
  /** worker-1 → worker-2 */
  readonly between: string;
}

export function toPod(from: ProbeEnd, to: ProbeEnd): Crossing {
  return {
    path: `${from.network}-to-${to.network}`,
    from: from.pod,
    target: { kind: "pod", ip: to.pod.ip ?? "" },
    between: `${from.pod.node} → ${to.pod.node}`,
  };
}

/** A name that every cluster resolves; the answer also proves that DNS pods are reached through their service. */
const everyClustersName = "kubernetes.default.svc";

export function toDns(from: ProbeEnd): Crossing {
  return {
    path: "dns",
    from: from.pod,
    target: { kind: "dns", name: everyClustersName },
    between: `${from.pod.node} → DNS`,
  };
}

export function toApi(from: ProbeEnd): Crossing {
  return {
    path: "api-service",
    from: from.pod,
    target: { kind: "api-service" },
    between: `${from.pod.node} → API service`,
  };
}

const others = (ends: readonly ProbeEnd[], node: string, network: ProbeEnd["network"], most: number) =>
  ends.filter((end) => end.pod.node !== node && end.network === network).slice(0, most);

/** Neighbours of each kind that a node is checked against: enough to see a broken pair, bounded on 5,000 nodes. */
const neighbours = 2;

/** Everything that must work for a node before it takes pods again: both directions to both networks, DNS, API service. */
export function crossingsOf(own: ProbeEnd, ends: readonly ProbeEnd[]): readonly Crossing[] {
  const peers = [
    ...others(ends, own.pod.node, "source", neighbours),
    ...others(ends, own.pod.node, "cilium", neighbours),
  ];
  return [...peers.flatMap((peer) => [toPod(own, peer), toPod(peer, own)]), toDns(own), toApi(own)];
}

/** One crossing of each path that exists now; `round` rotates through the pairs so that all are covered in time. */
export function sampleOf(ends: readonly ProbeEnd[], round: number): readonly Crossing[] {
  const turn = <T>(of: readonly T[], by: number): T | undefined => of[(round + by) % Math.max(1, of.length)];
  const pairs = (["source", "cilium"] as const).flatMap((from) =>
    (["source", "cilium"] as const).flatMap((to) => {
      const first = turn(
        ends.filter(({ network }) => network === from),
        0,
      );
      if (!first) return [];
      const second = turn(
        ends.filter((end) => end.network === to && end.pod.node !== first.pod.node),
        Math.floor(round / Math.max(1, ends.length)),
      );
      return second ? [toPod(first, second)] : [];
    }),
  );
  const one = turn(ends, 0);
  const next = turn(ends, 1);
  return [...pairs, ...(one ? [toDns(one)] : []), ...(next ? [toApi(next)] : [])];
}
