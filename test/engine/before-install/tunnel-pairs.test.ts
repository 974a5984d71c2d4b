import { expect, test } from "vitest";
import { peersOf } from "../../../src/engine/before-install/tunnel-pairs.ts";

const ringOf = (count: number) => Array.from({ length: count }, (_, index) => index);
const pairsOf = (count: number) =>
  ringOf(count).flatMap((at) => peersOf(ringOf(count), at).map((to) => [at, to] as const));

test("a few nodes try every pair, both ways", () => {
  expect(peersOf(["a"], 0)).toEqual([]);
  expect(peersOf(["a", "b", "c"], 1)).toEqual(["c", "a"]);
});

test.each([10, 100, 5_000])(
  "%i nodes: each sends and receives, neighbours both ways, and never more than five a node",
  (count) => {
    const pairs = pairsOf(count);
    expect(pairs.length).toBeLessThanOrEqual(5 * count);
    expect(new Set(pairs.map(([from]) => from)).size).toBe(count);
    expect(new Set(pairs.map(([, to]) => to)).size).toBe(count);
    expect(pairs.every(([from, to]) => from !== to)).toBe(true);
    const known = new Set(pairs.map((pair) => pair.join(">")));
    expect(
      ringOf(count).every((at) => known.has(`${at}>${(at + 1) % count}`) && known.has(`${(at + 1) % count}>${at}`)),
    ).toBe(true);
  },
);
