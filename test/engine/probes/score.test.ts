import { expect, test } from "vitest";
import type { PathScore } from "../../../src/engine/model/events.ts";
import type { PathSample, ProbeAnswer } from "../../../src/engine/model/ports/prober.ts";
import { sampleOf } from "../../../src/engine/probes/crossings.ts";
import { score } from "../../../src/engine/probes/score.ts";

const good: ProbeAnswer = { result: "good", tookMs: 1 };
const lost: ProbeAnswer = { result: "lost", error: "timed out" };
const unknown: ProbeAnswer = { result: "unknown", why: "no end within 10 s" };

const sample = (at: number, answer: ProbeAnswer, expected?: string): PathSample => ({
  path: "dns",
  at,
  between: "a → DNS",
  answer,
  ...(expected === undefined ? {} : { expected }),
});

const scored = (...samples: readonly PathSample[]) =>
  samples.reduce<readonly PathScore[]>((scores, one) => score(scores, one), [])[0];

test("measured good and measured lost are counted", () => {
  expect(scored(sample(0, good), sample(1_000, lost), sample(2_000, good))).toMatchObject({ sent: 3, lost: 1 });
});

test("what was not measured is neither sent nor lost, and says why until it is measured again", () => {
  expect(scored(sample(0, good), sample(1_000, unknown))).toMatchObject({
    sent: 1,
    lost: 0,
    unknown: 1,
    notMeasured: "no end within 10 s",
  });
  expect(scored(sample(0, unknown), sample(1_000, good))).toMatchObject({ sent: 1, unknown: 1, notMeasured: "" });
});

test("a loss in an expected gap is counted apart", () => {
  expect(scored(sample(0, good), sample(1_000, lost, "a is being moved (reboot)"))).toMatchObject({
    sent: 2,
    lost: 0,
    expected: 1,
    lastError: "",
  });
});

test("the longest gap is kept", () => {
  const scores = score(score([], sample(0, lost), 4_000), sample(9_000, good), 2_000);
  expect(scores[0]?.longestGapMs).toBe(4_000);
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

const ring = (count: number, migrated: number) =>
  Array.from({ length: count }, (_, index) => end(`n${index}`, index < migrated ? "cilium" : "source"));

test.each([
  [4, 0, 4],
  [4, 3, 4],
  [7, 4, 12],
  [20, 9, 80],
  [20, 20, 80],
])(
  "of %i nodes, %i of them moved, every pair gets its turn within %i rounds, and none asks itself",
  (count, moved, rounds) => {
    const ends = ring(count, moved);
    const pairs = new Set<string>();
    for (let round = 0; round < rounds; round++)
      for (const { path, between } of sampleOf(ends, round)) if (path.includes("-to-")) pairs.add(between);
    expect(pairs.size).toBe(count * (count - 1));
    expect([...pairs].some((pair) => pair.split(" → ")[0] === pair.split(" → ")[1])).toBe(false);
  },
);

test("on 5,000 nodes a round asks as few as on 50", () => {
  const few = sampleOf(ring(50, 25), 3).length;
  expect(sampleOf(ring(5_000, 2_500), 3).length).toBe(few);
  expect(few).toBeLessThan(60);
});

test("a single node has no pairs, but DNS and the API service", () => {
  expect(sampleOf([end("a", "source")], 3).map(({ path }) => path)).toEqual(["dns", "api-service"]);
});
