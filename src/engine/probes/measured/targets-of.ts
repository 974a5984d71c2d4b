import type { Flow, FlowPath } from "../../model/probing/flow.ts";
import type { ProberTarget } from "../../model/probing/prober-target.ts";
import type { AskedPeer, ProberEnd } from "./peers.ts";

/** A prober on the pod network, with what is known of it. */
export interface AddressedEnd extends ProberEnd {
  readonly ip: string;
  /** MTU of its pod, in bytes; null where it is not known. */
  readonly mtu: number | null;
}

/** A place that every asker asks besides its peers. */
export interface CommonTarget {
  readonly path: Extract<FlowPath, "service" | "dns" | "api-service" | "node-port" | "external">;
  readonly target: ProberTarget;
}

export interface TargetWish {
  readonly port: number;
  readonly everyMs: number;
  readonly common: readonly CommonTarget[];
}

/** What one prober is to ask, and what it measures by that. */
export interface Targets {
  readonly flows: readonly Flow[];
  readonly targets: readonly ProberTarget[];
}

/** Of an IP packet: what goes through every tunnel, and what a segment of TCP fills twice. */
const largeBytes = 1_400;
const segmentsBytes = 4_000;

function kindsOf(full: number | null, isSteady: boolean): readonly Pick<ProberTarget, "id" | "kind" | "sizeBytes">[] {
  const whole = full === null ? [] : [{ id: "udp-full", kind: "udp", sizeBytes: full } as const];
  const small = { id: "udp", kind: "udp", sizeBytes: 0 } as const;
  if (!isSteady) return [small, ...whole];
  return [
    small,
    { id: "udp-1400", kind: "udp", sizeBytes: largeBytes },
    ...whole,
    { id: "tcp", kind: "tcp", sizeBytes: segmentsBytes },
    { id: "hold", kind: "hold", sizeBytes: 0 },
  ];
}

/** The smaller MTU of the two: a larger packet is not meant to pass. */
const fullOf = (one: AddressedEnd, other: AddressedEnd): number | null =>
  one.mtu === null || other.mtu === null ? null : Math.min(one.mtu, other.mtu);

/**
 * The targets of one asker: all kinds of its steady peers, small and full-size datagrams of those that take turns. The id of a target names
 * kind and node, so that its line stays the same, and so its counts, for as long as its address does.
 */
export function targetsOf(
  asker: AddressedEnd,
  peers: readonly AskedPeer[],
  ends: ReadonlyMap<string, AddressedEnd>,
  { port, everyMs, common }: TargetWish,
): Targets {
  const ofPeers = peers.flatMap(({ node, because }) => {
    const peer = ends.get(node);
    if (peer === undefined) return [];
    return kindsOf(fullOf(asker, peer), because !== "turn").map(({ id, ...kind }) => ({
      flow: {
        id: `${id}/${node}`,
        path: `${asker.network}-to-${peer.network}` as const,
        from: asker.node,
        to: node,
        everyMs,
      },
      target: { ...kind, id: `${id}/${node}`, ip: peer.ip, port },
    }));
  });
  const others = common.map(({ path, target }) => ({
    flow: { id: target.id, path, from: asker.node, to: null, everyMs },
    target,
  }));
  const all: readonly { flow: Flow; target: ProberTarget }[] = [...ofPeers, ...others];
  return { flows: all.map(({ flow }) => flow), targets: all.map(({ target }) => target) };
}
