import { expect, test } from "vitest";
import { bounded } from "../../../../src/engine/model/notes/bounded.ts";

test.each<readonly [what: string, value: unknown, kept: unknown]>([
  ["a short text", { why: "short" }, { why: "short" }],
  ["a text that is too long", { why: "x".repeat(11) }, { why: `${"x".repeat(10)}…` }],
  ["a list that is too long as a whole", ["four", "five5", "more"], ["four", "five5", "…"]],
  ["a list that fits", ["four", "five5"], ["four", "five5"]],
  ["one long item", ["x".repeat(11)], [`${"x".repeat(10)}…`]],
  ["what is no text", { at: 12, none: null, of: [{ is: true }] }, { at: 12, none: null, of: [{ is: true }] }],
  ["a text within a list of objects", [{ why: "x".repeat(11) }], [{ why: `${"x".repeat(10)}…` }]],
])("%s", (_what, value, kept) => {
  expect(bounded(value, 10)).toEqual(kept);
});
