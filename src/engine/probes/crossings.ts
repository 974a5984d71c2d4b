import type { ProbePath } from "../model/events.ts";
import type { ProbePod, ProbeTarget } from "../model/ports/prober.ts";

/** Which network each probe pod is on, told from its address and never from its node. */
export interface ProbeEnd {
  readonly pod: ProbePod;
  readonly network: "source" | "cilium";
}

/** One question: does a packet of `from` reach the target, and an answer come back? */
export interface Question {
  readonly from: ProbePod;
  readonly target: ProbeTarget;
  /** worker-1 → worker-2 */
  readonly between: string;
}

/** A question on one of the paths that are scored. */
export interface Crossing extends Question {
  readonly path: ProbePath;
  /** Names of the nodes at its ends. */
  readonly nodes: readonly string[];
}

export function toPod(from: ProbeEnd, to: ProbeEnd): Crossing {
  return {
    path: `${from.network}-to-${to.network}`,
    from: from.pod,
    target: { kind: "pod", ip: to.pod.ip ?? "" },
    between: `${from.pod.node} → ${to.pod.node}`,
    nodes: [from.pod.node, to.pod.node],
  };
}

/** A name that every cluster resolves; the answer also proves that DNS pods are reached through their service. */
const everyClustersName = "kubernetes.default.svc";

export function toDns({ pod }: ProbeEnd): Crossing {
  return {
    path: "dns",
    from: pod,
    target: { kind: "dns", name: everyClustersName },
    between: `${pod.node} → DNS`,
    nodes: [pod.node],
  };
}

export function toApi({ pod }: ProbeEnd): Crossing {
  return {
    path: "api-service",
    from: pod,
    target: { kind: "api-service" },
    between: `${pod.node} → API service`,
    nodes: [pod.node],
  };
}

/** The next ones in the ring: where every node asks its own, no node is asked by all. */
function others(ends: readonly ProbeEnd[], node: string, network: ProbeEnd["network"], most: number) {
  const at = ends.findIndex(({ pod }) => pod.node === node);
  const ring = [...ends.slice(at + 1), ...ends.slice(0, Math.max(0, at))];
  return ring.filter((end) => end.pod.node !== node && end.network === network).slice(0, most);
}

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

/** Ends of each network that ask in one round, and peers of each network that each of them asks: never n², whatever n. */
const askers = 3;
const peers = 3;

/** So many in turn, beginning further on with every round. */
function turn<T>(of: readonly T[], round: number, most: number): readonly T[] {
  if (of.length <= most) return of;
  return Array.from({ length: most }, (_, index) => of[(round * most + index) % of.length] as T);
}

const networks = ["source", "cilium"] as const;

/**
 * What is asked in one round: some ends of both networks, each of some peers of both, DNS and the API service, so that every
 * kind of path that there is is asked. Up to three nodes a network that is every pair; the rest takes turns.
 */
export function sampleOf(ends: readonly ProbeEnd[], round: number): readonly Crossing[] {
  const of = (network: ProbeEnd["network"]) => ends.filter((end) => end.network === network);
  const asking = networks.flatMap((network) => turn(of(network), round, askers));
  return asking.flatMap((from) => {
    const whole = Math.max(1, Math.ceil(of(from.network).length / askers));
    const asked = networks.flatMap((network) => {
      const able = of(network).filter((end) => end.pod.node !== from.pod.node);
      // Its own turns are counted: with the rounds, ends and peers would go in step and some pairs never meet.
      return turn(able, Math.floor(round / whole), peers);
    });
    return [...asked.map((to) => toPod(from, to)), toDns(from), toApi(from)];
  });
}
