import { inParts } from "../model/in-parts.ts";
import type { Looker } from "../model/ports/lookers.ts";
import type { Ports } from "../model/ports/ports.ts";
import { peersOf } from "./tunnel-pairs.ts";

/** Nodes that send side by side, each by a command in a pod. */
const nodesAtOnce = 32;
/** Fits through whatever a tunnel fits through. */
const smallBytes = 100;

/** A node that sends and answers. */
export interface TunnelEnd {
  readonly looker: Looker;
  readonly address: string;
  /** The largest packet that it is to send. */
  readonly mtu: number;
}

/** What became of one node's datagrams; null where they could not be sent. */
interface Sent {
  readonly from: TunnelEnd;
  readonly answersItself: boolean;
  /** Nothing got there, or no answer came back. */
  readonly blocked: readonly TunnelEnd[];
  /** Small ones got there, and these did not. */
  readonly cut: readonly TunnelEnd[];
}

/** What was found of all pairs that were tried, "A → B". */
export interface TunnelTried {
  /** Nodes on which something else has the port. */
  readonly taken: readonly string[];
  readonly blocked: readonly string[];
  readonly cut: readonly string[];
  /** Of the packets that were cut. */
  readonly bytes: number;
  /** Nodes that could not send. */
  readonly unknown: readonly string[];
  /** Nodes whose datagrams were all answered. */
  readonly proven: readonly string[];
}

export interface TunnelTrial {
  readonly ring: readonly TunnelEnd[];
  readonly port: number;
  /** Nodes of which all is known already. */
  readonly proven: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

const bytesBetween = (from: TunnelEnd, to: readonly TunnelEnd[]) => Math.min(from.mtu, ...to.map(({ mtu }) => mtu));

/** A lost datagram is tried once more: only what is lost twice is told. */
async function sendFrom(lookers: Ports["lookers"], from: TunnelEnd, trial: TunnelTrial): Promise<Sent | null> {
  const { ring, port, signal } = trial;
  const peers = peersOf(ring, ring.indexOf(from));
  const bytes = bytesBetween(from, peers);
  const missing = async (to: readonly TunnelEnd[], size: number): Promise<readonly TunnelEnd[] | null> => {
    if (to.length === 0) return [];
    const answered = await lookers.answering(
      from.looker,
      { to: to.map(({ address }) => address), port, bytes: size },
      signal,
    );
    return answered && to.filter(({ address }) => !answered.has(address));
  };
  const first = await missing([from, ...peers], bytes);
  const lost = first && (await missing(first, bytes));
  const blocked = lost && (await missing(lost, smallBytes));
  if (!lost || !blocked) return null;
  return {
    from,
    answersItself: !lost.includes(from),
    blocked: blocked.filter((end) => end !== from),
    cut: lost.filter((end) => end !== from && !blocked.includes(end)),
  };
}

/** Has every node send full-size datagrams to some others at the tunnel's port. */
export async function tryTunnel({ lookers }: Pick<Ports, "lookers">, trial: TunnelTrial): Promise<TunnelTried> {
  const open = trial.ring.filter(({ looker }) => !trial.proven.has(looker.node));
  const all: (readonly [TunnelEnd, Sent | null])[] = [];
  for (const together of inParts(open, nodesAtOnce))
    all.push(
      ...(await Promise.all(together.map(async (from) => [from, await sendFrom(lookers, from, trial)] as const))),
    );
  const sent = all.flatMap(([, one]) => one ?? []);
  const taken = new Set(sent.filter(({ answersItself }) => !answersItself).map(({ from }) => from.looker.node));
  const between = (of: (one: Sent) => readonly TunnelEnd[]) =>
    sent.flatMap((one) =>
      of(one)
        .filter(({ looker }) => !taken.has(looker.node))
        .map(({ looker }) => `${one.from.looker.node} → ${looker.node}`),
    );
  const cutSizes = sent
    .filter(({ cut }) => cut.length > 0)
    .map(({ from }) => bytesBetween(from, peersOf(trial.ring, trial.ring.indexOf(from))));
  return {
    taken: [...taken],
    blocked: between(({ blocked }) => blocked),
    cut: between(({ cut }) => cut),
    bytes: Math.min(...cutSizes, ...(cutSizes.length === 0 ? [0] : [])),
    unknown: all.filter(([, one]) => one === null).map(([{ looker }]) => looker.node),
    proven: sent
      .filter(({ answersItself, blocked, cut }) => answersItself && blocked.length + cut.length === 0)
      .map(({ from }) => from.looker.node),
  };
}
