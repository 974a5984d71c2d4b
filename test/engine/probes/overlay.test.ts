import { expect, test } from "vitest";
import { overlayQuestions } from "../../../src/engine/probes/overlay.ts";

const world = (count: number) => {
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  const ends = names.map((node) => ({
    network: "source" as const,
    pod: { node, ref: { namespace: "crossfade", name: node, uid: node }, ip: "10.0.0.1", ready: true },
  }));
  const nodes = names.map((name) => ({ name, podCidrs: [], ciliumInternalIps: [], healthIp: `h-${name}`, error: "" }));
  return overlayQuestions(ends, nodes).flat();
};

test.each([1, 2, 4, 9])("of %i nodes every one asks every other through the tunnel", (count) => {
  expect(new Set(world(count).map(({ between }) => between)).size).toBe(count * (count - 1));
});

test.each([10, 100, 5_000])("of %i nodes every one asks, and is asked by, at most eight, and never itself", (count) => {
  const asked = new Map<string, number>();
  for (const { from, target } of world(count)) {
    const ip = target.kind === "health" ? target.ip : "";
    expect(ip).not.toBe(`h-${from.node}`);
    asked.set(ip, (asked.get(ip) ?? 0) + 1);
  }
  expect(asked.size).toBe(count);
  expect(Math.max(...asked.values())).toBeLessThanOrEqual(8);
  expect(Math.min(...asked.values())).toBeGreaterThanOrEqual(4);
});
