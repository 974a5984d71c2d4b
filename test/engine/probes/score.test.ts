import { expect, test } from "vitest";
import type { PathScore } from "../../../src/engine/events.ts";
import type { PathSample } from "../../../src/engine/ports.ts";
import { sampleOf } from "../../../src/engine/probes/crossings.ts";
import { score } from "../../../src/engine/probes/score.ts";

const sample = (at: number, ok: boolean): PathSample => ({
  path: "dns",
  at,
  between: "a → DNS",
  answer: ok ? { ok: true, tookMs: 1 } : { ok: false, error: "TIMEOUT" },
});

const scored = (...samples: readonly PathSample[]) => samples.reduce<readonly PathScore[]>(score, [])[0];

test("samples and losses are counted", () => {
  expect(scored(sample(0, true), sample(1_000, false), sample(2_000, true))).toMatchObject({ sent: 3, lost: 1 });
});

test("the longest gap runs from the last answer to the last loss after it", () => {
  expect(
    scored(sample(0, true), sample(2_000, false), sample(4_000, false), sample(6_000, true), sample(8_000, false))
      ?.longestGapMs,
  ).toBe(4_000);
});

test("a path that never answered has losses but no gap to measure", () => {
  expect(scored(sample(0, false))).toMatchObject({ lost: 1, longestGapMs: 0, lastOkAt: null, lastError: "TIMEOUT" });
});

const end = (node: string, network: "source" | "cilium") => ({
  network,
  pod: { node, ref: { namespace: "crossfade", name: `probe-${node}`, uid: node }, ip: "10.0.0.1", ready: true },
});

test("in a hybrid cluster every kind of path is sampled in each round", () => {
  const ends = [end("a", "source"), end("b", "source"), end("c", "cilium"), end("d", "cilium")];
  for (let round = 0; round < 20; round++) {
    const paths = new Set(sampleOf(ends, round).map(({ path }) => path));
    expect([...paths].sort()).toEqual([
      "api-service",
      "cilium-to-cilium",
      "cilium-to-source",
      "dns",
      "source-to-cilium",
      "source-to-source",
    ]);
  }
});

test("over the rounds every pair of nodes gets its turn, and none probes itself", () => {
  const ends = ["a", "b", "c", "d"].map((name) => end(name, "source"));
  const pairs = new Set(Array.from({ length: 16 }, (_, round) => sampleOf(ends, round)[0]?.between));
  expect(pairs.size).toBe(12);
  expect([...pairs].some((pair) => pair?.split(" → ")[0] === pair?.split(" → ")[1])).toBe(false);
});

test("a single node has no pairs, but DNS and the API service", () => {
  expect(sampleOf([end("a", "source")], 3).map(({ path }) => path)).toEqual(["dns", "api-service"]);
});
