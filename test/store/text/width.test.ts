import { expect, test } from "vitest";
import { fitLine, lineWidth, span, spread, textOf } from "../../../src/store/text/line.ts";
import { cut, cutMiddle, pad, visible, widthOf, wrap } from "../../../src/store/text/width.ts";

const hidden: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["an escape sequence", "a\x1b[31mb", "a^[[31mb"],
  ["a carriage return", "good\rbad", "good^Mbad"],
  ["a bell and a null", "\x07\x00", "^G^@"],
  ["C1 controls", "\u009b2J", "<009b>2J"],
  ["text that runs backwards", "a\u202eb", "a<202e>b"],
  ["a zero-width joiner", "a\u200db", "a<200d>b"],
  ["a line separator", "a\u2028b", "a<2028>b"],
  ["a mark upon what stands before", "\u0338a", "<0338>a"],
  ["a tower of marks", "a\u0301\u0301\u0301\u0301", "a\u0301\u0301\u0301<0301>"],
  ["a mark around a character", "a\u20dd", "a<20dd>"],
  ["an invisible tag", "a\u{e0041}", "a<e0041>"],
  ["a blank that is none", "a\u3164\u2800", "a<3164><2800>"],
  ["a frame", "│ y", "<2502> y"],
  ["a script that runs backwards", "\u05d0", "<05d0>"],
  ["half a character", "a\ud800b", "a<d800>b"],
];

for (const [what, text, shown] of hidden) {
  test(`${what} from the cluster is made visible`, () => expect(visible(text)).toBe(shown));
}

test("what is made visible stays so when it is done twice", () => {
  for (const [, text] of hidden) expect(visible(visible(text))).toBe(visible(text));
});

const cuts: readonly (readonly [text: string, columns: number, end: string, middle: string])[] = [
  ["worker-1", 8, "worker-1", "worker-1"],
  ["ip-10-0-13-7.compute", 12, "ip-10-0-13-…", "ip-10…ompute"],
  ["日本語ノード", 7, "日本語…", "日…ド"],
  ["abc", 1, "…", "a"],
  ["abc", 0, "", ""],
];

for (const [text, columns, end, middle] of cuts) {
  test(`${text} in ${columns} columns`, () => {
    expect(cut(text, columns)).toBe(end);
    expect(cutMiddle(text, columns)).toBe(middle);
    expect(widthOf(cut(text, columns))).toBeLessThanOrEqual(columns);
    expect(widthOf(cutMiddle(text, columns))).toBeLessThanOrEqual(columns);
  });
}

test("lines are as wide as they are asked to be", () => {
  const line = [span("日本語"), span("abc", "good")];
  for (let columns = 0; columns < 14; columns++) expect(lineWidth(fitLine(line, columns))).toBe(columns);
  expect(textOf(spread([span("left")], [span("right")], 12))).toBe("left   right");
  expect(textOf(spread([span("a long left side")], [span("right")], 12))).toBe("a lon… right");
});

test("wrapping keeps every word and breaks only what is too wide", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  expect(pad("漢", 4, "left")).toBe("  漢");
});
