import { expect, test } from "vitest";
import { foldLine } from "../../../src/store/text/fold-line.ts";
import { type Line, lineWidth, span, textOf } from "../../../src/store/text/line.ts";

const texts = (line: Line, columns: number) => foldLine(line, columns).map(textOf);

const rows: readonly (readonly [what: string, line: readonly string[], columns: number, rows: readonly string[]])[] = [
  ["what fits stays as it is", ["  a  ", "b"], 20, ["  a  b"]],
  [
    "a tail goes on below, further in",
    ["  change ", "Helm release", "  enforces policies"],
    24,
    ["  change Helm release", "    enforces policies"],
  ],
  ["a word that is wider than the row is broken", ["x abcdefghijkl"], 8, ["x", "  abcdef", "  ghijkl"]],
  ["a word wider than the first row, with spaces before it", ["  abcdefghijkl"], 8, ["  abcdef", "  ghijkl"]],
  ["wide characters count twice", ["ab 漢漢漢"], 7, ["ab", "  漢漢", "  漢"]],
];

test.each(rows)("%s", (_what, parts, columns, expected) => {
  const line = parts.map((part) => span(part));
  expect(texts(line, columns)).toEqual(expected);
});

test("each piece keeps its tone, and no row is wider than the pane", () => {
  const line = [
    span("   delete  ", "warn"),
    span("CustomResourceDefinition ciliumnodeconfigs.cilium.io"),
    span("  for good", "bad"),
  ];
  const folded = foldLine(line, 30);
  expect(Math.max(...folded.map(lineWidth))).toBeLessThanOrEqual(30);
  expect(
    folded
      .flat()
      .filter(({ tone }) => tone === "bad")
      .map(({ text }) => text.trim()),
  ).toEqual(["for", "good"]);
});
