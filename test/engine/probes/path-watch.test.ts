import { expect, test } from "vitest";
import type { PathSample, ProbeAnswer } from "../../../src/engine/model/ports/prober.ts";
import { isInDoubt, unwatched, watchPath } from "../../../src/engine/probes/path-watch.ts";

const answers: Readonly<Record<string, ProbeAnswer>> = {
  g: { result: "good", tookMs: 1 },
  l: { result: "lost", error: "timed out" },
  e: { result: "lost", error: "timed out" },
  u: { result: "unknown", why: "no end within 10 s" },
};

/** g good, l lost, e lost as expected, u not measured; a sample every two seconds. */
function after(story: string, proven = true) {
  return story.split("").reduce((path, letter, index) => {
    const answer = answers[letter] ?? { result: "unknown", why: "" };
    const between = { path: "cilium-to-cilium", between: "a → b" } as const;
    const sample: PathSample = {
      ...between,
      at: index * 2_000,
      answer,
      ...(letter === "e" ? { expected: "moved" } : {}),
    };
    return watchPath(path, sample, proven);
  }, unwatched);
}

test.each([
  ["gg", "a path that answers works", false],
  ["ggl", "one lost packet breaks nothing", false],
  ["gglg", "nor one before a good one", false],
  ["glglglgl", "nor a flapping path that never loses two in a row", false],
  ["ggll", "two in a row do", true],
  ["ll", "also where the baseline alone says that it worked", true],
  ["gglul", "what was not measured in between says nothing", true],
  ["ggluuuu", "and is no loss", false],
  ["guuuuu", "nor is it good or bad on its own", false],
  ["ggeeee", "a gap that was expected breaks nothing", false],
  ["gglle", "and mends nothing", true],
  ["ggllg", "one good sample does not mend it", true],
  ["ggllglg", "nor do two that are not in a row", true],
  ["ggllgug", "two in a row do, whatever was not measured between them", false],
  ["ggllgg", "two in a row mend it", false],
  ["ggllggl", "and then it takes two again", false],
  ["gglleggll", "to break", true],
])("%s: %s", (story, _what, broken) => {
  expect(after(story).broken).toBe(broken);
});

test.each([
  ["llll", false],
  ["gll", true],
])("without a baseline %s is broken: %s", (story, broken) => {
  expect(after(story, false).broken).toBe(broken);
});

test("it is broken since its first loss", () => {
  expect(after("gglul").firstLossAt).toBe(4_000);
});

test.each([
  ["g", false],
  ["gl", true],
  ["gll", true],
  ["gllg", true],
  ["gllgg", false],
])("after %s it is asked out of turn: %s", (story, asked) => {
  expect(isInDoubt(after(story))).toBe(asked);
});
