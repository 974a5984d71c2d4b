/** A prober that can be asked. */
export interface ProberEnd {
  readonly node: string;
  readonly network: "source" | "cilium";
  /** Its node's zone; "" where there are none. */
  readonly zone: string;
}

/** Why a peer is asked: it is next in the ring, its turn has come, its zone and network would not be covered, it is being migrated. */
export type PeerReason = "neighbour" | "turn" | "cover" | "migrating";

export interface AskedPeer {
  readonly node: string;
  readonly because: PeerReason;
}

/** A prober that asks, of which a stream is open. */
export interface Asker {
  readonly node: string;
  readonly peers: readonly AskedPeer[];
}

/** What bounds the probing, however many nodes there are. */
export interface PeerLimits {
  /** Streams that are open. */
  readonly askers: number;
  /** Next ones in the ring of each network that an asker asks all the time. */
  readonly neighbours: number;
  /** Others of each network that take turns. */
  readonly turns: number;
  /** Peers of one asker. */
  readonly peers: number;
}

export const defaultPeerLimits: PeerLimits = { askers: 64, neighbours: 2, turns: 2, peers: 16 };

export interface PeerWish {
  /** Of the rotation: one is about a minute. */
  readonly round: number;
  /** Nodes that are being migrated or rolled back. */
  readonly migrating: readonly string[];
  readonly limits?: PeerLimits;
}

const networks = ["source", "cilium"] as const;

/** A ring of nodes by name: one that joins or leaves changes the neighbours of those beside it alone. */
type Ring = readonly ProberEnd[];

const byName = (one: ProberEnd, other: ProberEnd) => (one.node < other.node ? -1 : one.node > other.node ? 1 : 0);

/** Where in the ring a node stands, or would. */
function placeIn(ring: Ring, node: string): number {
  let [low, high] = [0, ring.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ring[middle]?.node ?? "") < node) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The others, so many and in that order: 0 is the next after a node, -1 the one before it. */
function others(ring: Ring, node: string, stepsOf: (count: number) => readonly number[]): readonly ProberEnd[] {
  const place = placeIn(ring, node);
  const count = ring[place]?.node === node ? ring.length - 1 : ring.length;
  const first = count < ring.length ? place + 1 : place;
  return stepsOf(count)
    .map((step) => ring[(first + (((step % count) + count) % count)) % ring.length])
    .filter((end) => end !== undefined);
}

const upTo = (most: number) => Array.from({ length: Math.max(0, most) }, (_, index) => index);

const nextOf = (ring: Ring, node: string, most: number) => others(ring, node, (count) => upTo(Math.min(most, count)));

const beforeOf = (ring: Ring, node: string, most: number) =>
  others(ring, node, (count) => upTo(Math.min(most, count)).map((index) => -1 - index));

/** Those behind the neighbours take turns, so many at a time. */
function inTurn(ring: Ring, node: string, round: number, { neighbours, turns }: PeerLimits): readonly ProberEnd[] {
  return others(ring, node, (count) => {
    const rest = count - neighbours;
    return upTo(Math.min(turns, rest)).map((index) => neighbours + ((round * turns + index) % rest));
  });
}

const classOf = ({ network, zone }: ProberEnd) => `${network} ${zone}`;

function grouped(ends: Ring): ReadonlyMap<string, Ring> {
  const groups = new Map<string, ProberEnd[]>();
  for (const end of ends) {
    const group = groups.get(classOf(end));
    if (group) group.push(end);
    else groups.set(classOf(end), [end]);
  }
  return groups;
}

/** So many, evenly over the ring, one further on with each round. */
function spread(ring: Ring, most: number, round: number): readonly ProberEnd[] {
  const count = Math.min(most, ring.length);
  return Array.from({ length: count }, (_, index) => {
    const at = (round + Math.floor((index * ring.length) / count)) % ring.length;
    return ring[at];
  }).filter((end) => end !== undefined);
}

interface Rings {
  readonly all: Ring;
  readonly of: Readonly<Record<ProberEnd["network"], Ring>>;
  readonly classes: ReadonlyMap<string, Ring>;
}

function ringsOf(ends: readonly ProberEnd[]): Rings {
  const all = [...new Map(ends.map((end) => [end.node, end])).values()].toSorted(byName);
  const of = (network: ProberEnd["network"]) => all.filter((end) => end.network === network);
  return { all, of: { source: of("source"), cilium: of("cilium") }, classes: grouped(all) };
}

/**
 * Who asks: one of each zone and network, so that no pair of them is without; what is being migrated and who stands before it in both
 * rings; then everybody in turn.
 */
function askersOf({ all, of, classes }: Rings, { round, migrating, limits = defaultPeerLimits }: PeerWish): Ring {
  const chosen = new Map<string, ProberEnd>();
  const take = (ends: Ring, most: number) => {
    for (const end of ends) if (chosen.size < most) chosen.set(end.node, end);
  };
  const inHand = all.filter(({ node }) => migrating.includes(node));
  const before = inHand.flatMap(({ node }) =>
    networks.flatMap((network) => beforeOf(of[network], node, limits.neighbours)),
  );
  const rings = [...classes.values()];
  // More classes than may ask take turns.
  const turned = [...rings.slice(round % rings.length || 0), ...rings.slice(0, round % rings.length || 0)];
  const ofClasses = turned.flatMap((ring) => spread(ring, 1, round));
  take(ofClasses, Math.ceil(limits.askers / 2));
  take([...inHand, ...before], limits.askers);
  take(spread(all, limits.askers - chosen.size, round), limits.askers);
  take(all, limits.askers);
  return [...chosen.values()].toSorted(byName);
}

/** An asker's peers while they are chosen. */
class Chosen {
  readonly peers = new Map<string, AskedPeer>();
  readonly asker: ProberEnd;
  readonly #most: number;

  constructor(asker: ProberEnd, most: number) {
    this.asker = asker;
    this.#most = most;
  }

  get hasRoom(): boolean {
    return this.peers.size < this.#most;
  }

  add(ends: Ring, because: PeerReason): void {
    for (const { node } of ends)
      if (this.hasRoom && node !== this.asker.node && !this.peers.has(node)) this.peers.set(node, { node, because });
  }
}

/** Adds a pair for each two of zone and network that have none yet, to the asker that asks least. */
function cover(all: readonly Chosen[], { classes, all: ring }: Rings, round: number): void {
  const classOfNode = new Map(ring.map((end) => [end.node, classOf(end)]));
  const covered = new Set(
    all.flatMap(({ asker, peers }) => [...peers.keys()].map((node) => `${classOf(asker)}>${classOfNode.get(node)}`)),
  );
  const askers = new Map<string, Chosen[]>();
  for (const one of all) askers.set(classOf(one.asker), [...(askers.get(classOf(one.asker)) ?? []), one]);
  for (const [from, able] of askers)
    for (const [to, targets] of classes) {
      if (covered.has(`${from}>${to}`)) continue;
      const [least] = able.filter(({ hasRoom }) => hasRoom).toSorted((one, other) => one.peers.size - other.peers.size);
      // Where it is alone in its class there is no such pair.
      least?.add(
        others(targets, least.asker.node, (count) => (count === 0 ? [] : [round])),
        "cover",
      );
    }
}

/**
 * Who asks whom in this round, never n²: askers and peers of each are bounded. Every kind of path that there is is asked, and every
 * pair of zones on it as far as the bounds allow; up to a handful of nodes that is every pair. Pure: the same ends and round, the same answer.
 */
export function choosePeers(ends: readonly ProberEnd[], wish: PeerWish): readonly Asker[] {
  const rings = ringsOf(ends);
  const { round, migrating, limits = defaultPeerLimits } = wish;
  const inHand = rings.all.filter(({ node }) => migrating.includes(node));
  const chosen = askersOf(rings, wish).map((asker) => new Chosen(asker, limits.peers));
  for (const one of chosen) {
    const { node, network: own } = one.asker;
    for (const network of networks) one.add(nextOf(rings.of[network], node, limits.neighbours), "neighbour");
    // Who stands before a node that is being migrated asks it all the time.
    const watched = inHand.filter((end) => beforeOf(rings.of[own], end.node, limits.neighbours).includes(one.asker));
    one.add(watched, "migrating");
    for (const network of networks) one.add(inTurn(rings.of[network], node, round, limits), "turn");
  }
  cover(chosen, rings, round);
  return chosen.map(({ asker, peers }) => ({ node: asker.node, peers: [...peers.values()] }));
}
