import { describe, expect, test } from "vitest";
import {
  type Asker,
  choosePeers,
  defaultPeerLimits,
  type PeerWish,
  type ProberEnd,
} from "../../../../src/engine/probes/measured/peers.ts";
import { randomFrom } from "../../../truth/random.ts";

const end = (node: string, network: ProberEnd["network"], zone = ""): ProberEnd => ({ node, network, zone });
const named = (index: number) => `n${String(index).padStart(4, "0")}`;
const still = (round = 0): PeerWish => ({ round, migrating: [] });
const pairs = (askers: readonly Asker[]) =>
  askers.flatMap(({ node, peers }) => peers.map((peer) => `${node}>${peer.node}`));

describe("small clusters", () => {
  test.each<[sentence: string, ends: readonly ProberEnd[], expected: readonly string[]]>([
    ["nobody asks nobody", [], []],
    ["one is alone", [end("a", "source")], []],
    ["two ask each other", [end("a", "source"), end("b", "cilium")], ["a>b", "b>a"]],
    [
      "three are every pair",
      [end("a", "source"), end("b", "source"), end("c", "cilium")],
      ["a>b", "a>c", "b>a", "b>c", "c>a", "c>b"],
    ],
  ])("%s", (_, ends, expected) => {
    expect(pairs(choosePeers(ends, still())).toSorted()).toEqual(expected);
  });

  test("up to eight nodes, four on each network, every pair is asked in every round", () => {
    const ends = Array.from({ length: 8 }, (_, index) => end(named(index), index % 2 === 0 ? "source" : "cilium"));
    for (let round = 0; round < 10; round++) expect(pairs(choosePeers(ends, still(round)))).toHaveLength(8 * 7);
  });

  test("neighbours are the next in the ring of each network", () => {
    const ends = Array.from({ length: 40 }, (_, index) => end(named(index), index < 20 ? "source" : "cilium"));
    const asker = choosePeers(ends, still()).find(({ node }) => node === named(19));
    expect(asker?.peers.filter(({ because }) => because === "neighbour").map(({ node }) => node)).toEqual(
      [0, 1, 20, 21].map(named),
    );
  });

  test("a node that is there twice is one", () => {
    expect(pairs(choosePeers([end("a", "source"), end("b", "source"), end("b", "cilium")], still()))).toHaveLength(2);
  });
});

describe("a node that is being migrated", () => {
  const ends = Array.from({ length: 1_000 }, (_, index) =>
    end(named(index), index < 500 ? "cilium" : "source", `z${index % 3}`),
  );

  test("asks in every round, and is asked all the time from both networks", () => {
    for (let round = 0; round < 50; round++) {
      const askers = choosePeers(ends, { round, migrating: [named(500)] });
      expect(askers.map(({ node }) => node)).toContain(named(500));
      const asking = askers
        .filter(({ peers }) => peers.some(({ node }) => node === named(500)))
        .map(({ node }) => node);
      expect(asking).toEqual(expect.arrayContaining([498, 499, 998, 999].map(named)));
    }
  });

  test("fifty at once do not break the bounds", () => {
    const migrating = Array.from({ length: 50 }, (_, index) => named(480 + index));
    const askers = choosePeers(ends, { round: 3, migrating });
    expect(askers.length).toBe(defaultPeerLimits.askers);
    expect(Math.max(...askers.map(({ peers }) => peers.length))).toBeLessThanOrEqual(defaultPeerLimits.peers);
  });
});

/** Every two of network and zone that have two nodes between them. */
function classPairs(ends: readonly ProberEnd[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { network, zone } of ends) counts.set(`${network} ${zone}`, (counts.get(`${network} ${zone}`) ?? 0) + 1);
  const names = [...counts.keys()];
  return new Set(
    names.flatMap((from) =>
      names.filter((to) => from !== to || (counts.get(from) ?? 0) > 1).map((to) => `${from}>${to}`),
    ),
  );
}

function asked(ends: readonly ProberEnd[], askers: readonly Asker[]): ReadonlySet<string> {
  const known = new Map(ends.map((one) => [one.node, `${one.network} ${one.zone}`]));
  return new Set(
    askers.flatMap(({ node, peers }) => peers.map((peer) => `${known.get(node)}>${known.get(peer.node)}`)),
  );
}

describe("whatever is drawn", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "the bounds hold, and every kind and zone is covered (seed %i)",
    (seed) => {
      const random = randomFrom(seed);
      const zones = random.between(1, 5);
      const migrated = random.next();
      const ends = Array.from({ length: random.between(1, 400) }, (_, index) =>
        end(named(index), random.chance(migrated) ? "cilium" : "source", `z${random.between(1, zones)}`),
      );
      const migrating = Array.from({ length: random.between(0, 4) }, () => named(random.between(0, ends.length)));
      const askers = choosePeers(ends, { round: random.between(0, 10_000), migrating });
      const nodes = new Set(ends.map(({ node }) => node));
      expect(askers.length).toBeLessThanOrEqual(defaultPeerLimits.askers);
      for (const { node, peers } of askers) {
        expect(peers.length).toBeLessThanOrEqual(defaultPeerLimits.peers);
        expect(new Set(peers.map((peer) => peer.node)).size).toBe(peers.length);
        expect(peers.every((peer) => peer.node !== node && nodes.has(peer.node))).toBe(true);
      }
      expect([...classPairs(ends)].filter((pair) => !asked(ends, askers).has(pair))).toEqual([]);
    },
  );

  test.each([1, 2, 3])("a node that joins changes few of the others' peers (seed %i)", (seed) => {
    const random = randomFrom(seed);
    const ends = Array.from({ length: 50 }, (_, index) =>
      end(named(index * 10), random.chance(0.5) ? "cilium" : "source"),
    );
    const neighbours = (of: readonly ProberEnd[]) =>
      choosePeers(of, still()).flatMap(({ node, peers }) =>
        peers.filter(({ because }) => because === "neighbour").map((peer) => `${node}>${peer.node}`),
      );
    const before = new Set(neighbours(ends));
    const after = neighbours([...ends, end(named(255), "cilium")]);
    const others = after.filter((pair) => !pair.startsWith(`${named(255)}>`));
    expect(others.filter((pair) => !before.has(pair)).length).toBeLessThanOrEqual(2 * 2 * defaultPeerLimits.neighbours);
  });
});

describe("5,000 nodes in three zones, half of them migrated", () => {
  const ends = Array.from({ length: 5_000 }, (_, index) =>
    end(named(index), index % 2 === 0 ? "cilium" : "source", `z${index % 3}`),
  );

  test("streams, peers and whoever is asked are bounded", () => {
    for (const round of [0, 1, 77, 4_999]) {
      const askers = choosePeers(ends, { round, migrating: [named(7), named(8)] });
      const times = new Map<string, number>();
      for (const { peers } of askers) for (const { node } of peers) times.set(node, (times.get(node) ?? 0) + 1);
      expect(askers.length).toBe(64);
      expect(pairs(askers).length).toBeLessThanOrEqual(64 * 16);
      expect(Math.max(...times.values())).toBeLessThanOrEqual(16);
      expect([...classPairs(ends)].filter((pair) => !asked(ends, askers).has(pair))).toEqual([]);
    }
  });

  test("everybody asks and is asked in the course of the rounds", () => {
    const asking = new Set<string>();
    const answering = new Set<string>();
    for (let round = 0; round < 100; round++)
      for (const { node, peers } of choosePeers(ends, still(round))) {
        asking.add(node);
        for (const peer of peers) answering.add(peer.node);
      }
    expect([asking.size, answering.size]).toEqual([5_000, 5_000]);
  });
});

test("more zones than may ask take turns: in time every one of them asks", () => {
  const ends = Array.from({ length: 400 }, (_, index) => end(named(index), "source", `rack-${index}`));
  const asking = new Set<string>();
  for (let round = 0; round < 400; round++) for (const { node } of choosePeers(ends, still(round))) asking.add(node);
  expect(asking.size).toBe(400);
});
