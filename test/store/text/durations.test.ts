import { expect, test } from "vitest";
import { duration, inWords, roughly, roughlyInWords, wholeSeconds } from "../../../src/store/text/durations.ts";

const times: readonly (readonly [ms: number, exact: string, whole: string, rough: string])[] = [
  [0, "0.0s", "0s", "under 1m"],
  [1_260, "1.2s", "1s", "under 1m"],
  [72_000, "1m12s", "1m12s", "about 1m"],
  [3_840_000, "1h04m", "1h04m", "about 1h04m"],
  [230_000_000, "63h53m", "63h53m", "about 64h"],
  [-5, "0.0s", "0s", "under 1m"],
];

for (const [ms, exact, whole, rough] of times) {
  test(`${ms} ms are ${exact}`, () => {
    expect([duration(ms), wholeSeconds(ms), roughly(ms)]).toEqual([exact, whole, rough]);
  });
}

test.each([
  [950, "950 ms", "1 s"],
  [12_000, "12 s", "12 s"],
  [45_000, "45 s", "45 s"],
  [59_400, "59 s", "59 s"],
  [60_000, "1 min 00 s", "1 min"],
  [185_000, "3 min 05 s", "3 min"],
  [3_540_000, "59 min 00 s", "59 min"],
  [3_600_000, "1 h 00 min", "1 h"],
  [7_800_000, "2 h 10 min", "2 h 10 min"],
  [11_100_000, "3 h 05 min", "3 h 5 min"],
])("%d ms are %s in words, and %s as a guess", (ms, exact, rough) => {
  expect([inWords(ms), roughlyInWords(ms)]).toEqual([exact, rough]);
});
