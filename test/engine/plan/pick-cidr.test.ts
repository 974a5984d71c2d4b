import { expect, test } from "vitest";
import { covers, overlaps, parseCidr } from "../../../src/engine/net/cidr.ts";
import { maskFor, pickPodCidr, podsIn } from "../../../src/engine/plan/pick-cidr.ts";
import { rangesInUse, type UsedRange } from "../../../src/engine/plan/ranges.ts";
import { detectSource } from "../../../src/engine/sources/detect.ts";
import { aFlannelCluster, aPod } from "../../support/facts.ts";
import { inWords } from "../../support/said.ts";

function used(text: string, guess = false): UsedRange {
  const range = parseCidr(text);
  if (!range) throw new Error(text);
  return { range, text, what: "somebody", guess };
}

const pick = (nodes: number, ...inUse: readonly UsedRange[]) => pickPodCidr({ nodes, maskSize: 24 }, inUse);

test.each<[string, number, UsedRange[], string]>([
  ["nothing is in use", 3, [], "10.245.0.0/16"],
  ["10.245 is in use", 3, [used("10.245.9.0/24")], "10.128.0.0/16"],
  ["10.245 is only guessed to be", 3, [used("10.245.0.0/16", true)], "10.128.0.0/16"],
  ["the high half of 10 is in use", 3, [used("10.128.0.0/9")], "10.0.0.0/16"],
  ["all of 10 is in use", 3, [used("10.0.0.0/8")], "172.16.0.0/16"],
  ["all but 100.64 is in use", 3, [used("10.0.0.0/8"), used("172.16.0.0/12")], "100.64.0.0/16"],
  [
    "the rest is only guessed to be in use",
    3,
    [used("10.0.0.0/8"), used("100.64.0.0/10"), used("172.16.0.0/12", true)],
    "172.16.0.0/16",
  ],
  ["200 nodes need room for 400", 200, [], "10.128.0.0/15"],
  [
    "room to grow is given up last",
    4_096,
    [
      used("10.0.0.0/9"),
      used("10.128.0.0/10"),
      used("10.192.0.0/11"),
      used("10.224.0.0/12"),
      used("172.16.0.0/12"),
      used("100.64.0.0/10"),
    ],
    "10.240.0.0/12",
  ],
])("where %s, %i nodes get a range", (...[, nodes, inUse, expected]) => {
  expect(pick(nodes, ...inUse)).toBe(expected);
});

test("where nothing is free the operator is asked", () => {
  const all = [used("10.0.0.0/8"), used("172.16.0.0/12"), used("100.64.0.0/10")];
  expect(inWords(() => pick(3, ...all))).toThrow(expect.objectContaining({ code: "BLOCKED" }) as Error);
});

test.each([
  [110, 24],
  [252, 24],
  [253, 23],
  [500, 23],
  [1_000, 22],
  [0, 24],
])("%i pods a node need a /%i", (pods, mask) => {
  expect(maskFor(pods)).toBe(mask);
  expect(podsIn(mask)).toBeGreaterThanOrEqual(pods);
});

function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

test.each(Array.from({ length: 60 }, (_, index) => index * 104_729 + 3))(
  "what is picked touches nothing and has room (seed %i)",
  (seed) => {
    const next = random(seed);
    const nodes = 1 + next(3_000);
    const maskSize = 22 + next(5);
    const inUse = Array.from({ length: next(80) }, () => {
      const first = [10, 172, 100, 192][next(4)] ?? 10;
      return used(`${first}.${next(256)}.${next(256)}.0/${12 + next(20)}`, next(4) === 0);
    });
    let text: string;
    try {
      text = pickPodCidr({ nodes, maskSize }, inUse);
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: "BLOCKED" });
      return;
    }
    const range = parseCidr(text);
    if (!range) throw new Error(`${text} is junk`);
    const sure = inUse.filter(({ guess }) => !guess);
    expect(sure.filter((it) => overlaps(it.range, range)).map((it) => it.text)).toEqual([]);
    expect(2 ** (maskSize - range.prefix)).toBeGreaterThanOrEqual(nodes);
  },
);

test("pods that lie in a named range are not named again, others are", () => {
  const cluster = aFlannelCluster().withPods(
    aPod("default", "inside", { ips: ["10.244.1.9"] }),
    aPod("default", "odd", { ips: ["198.51.100.7"] }),
  );
  const ranges = rangesInUse(cluster.facts, detectSource(cluster.facts), ["203.0.113.0/24"]);
  const whats = ranges.map(({ what }) => what);
  expect(whats).toContain("Pod default/odd");
  expect(whats).not.toContain("Pod default/inside");
  expect(whats).toContain("a range that you named");
  expect(whats).toContain("Docker's default bridge");
  const outer = parseCidr("10.0.0.0/8");
  expect(ranges.filter(({ guess, range }) => !guess && outer && covers(outer, range)).length).toBeGreaterThan(2);
});
