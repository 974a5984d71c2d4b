import { expect, test } from "vitest";
import { cut, cutMiddle, visible, widthOf, wrap } from "../../src/store/text/width.ts";
import { cpuMs, growsLinearly } from "../support/cpu-ms.ts";

/** Somebody with a node's or a tenant's rights can make a message as long as an annotation. */
const long: readonly (readonly [string, string])[] = [
  ["marks", `a${"\u0301".repeat(20_000)}`],
  ["wide characters", "漢".repeat(20_000)],
  ["accents", "é".repeat(20_000)],
  ["emoji", "👩‍👩‍👧".repeat(2_000)],
  ["escapes", "\u001b[".repeat(10_000)],
  ["blanks", " ".repeat(20_000)],
];

function show(text: string): void {
  const safe = visible(text);
  for (const columns of [1, 2, 40]) {
    expect(widthOf(cut(safe, columns))).toBeLessThanOrEqual(columns);
    expect(widthOf(cutMiddle(safe, columns))).toBeLessThanOrEqual(columns);
  }
  const lines = wrap(safe, 80);
  expect(Math.max(...lines.slice(0, 1_000).map(widthOf))).toBeLessThanOrEqual(80);
}

test.each(long)("%s without end hold nothing up and stay in their columns", (_what, text) => {
  const tenth = cpuMs(() => show(text.slice(0, text.length / 10)));
  const whole = cpuMs(() => show(text));
  expect(growsLinearly(tenth, whole), `${tenth} ms for a tenth, ${whole} ms for all`).toBe(true);
});

test("a wrapped word is whole again when its lines are joined", () => {
  for (const [, text] of long.slice(0, 4)) {
    const safe = visible(text.slice(0, 2_000));
    expect(wrap(safe, 17).join("")).toBe(safe);
  }
});
