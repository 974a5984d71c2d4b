import { expect, test } from "vitest";
import type { ProberLine } from "../../../../src/engine/model/probing/prober-line.ts";
import { following, type StreamState } from "../../../../src/engine/probes/measured/prober-clock.ts";

const line = (boot: string, number: number, at: number): ProberLine => ({
  me: "a",
  boot,
  number,
  at,
  generation: "",
  stallMs: 0,
  badTargets: 0,
  problems: [],
  flows: [],
  heardFrom: {},
  events: [],
  moreEvents: 0,
});

const known: StreamState = { boot: "x", number: 7, clockMs: 40, heardAt: 7_040 };

test.each([
  ["the first line of all", null, line("x", 1, 1_000), { is: "next", missedLines: 0 }],
  ["the next", known, line("x", 8, 8_000), { is: "next", missedLines: 0 }],
  ["one after a hole", known, line("x", 11, 8_000), { is: "next", missedLines: 3 }],
  ["one that was read before", known, line("x", 7, 7_000), { is: "known" }],
  ["one of a process that is new", known, line("y", 1, 8_000), { is: "restarted", missedLines: 0 }],
] as const)("%s", (_, before, next, expected) => {
  expect(following(before, next, 8_050)).toMatchObject(expected);
});

test("a line that took long says nothing of the clock; one that took less does", () => {
  const slow = following(known, line("x", 8, 8_000), 9_500);
  expect(slow).toMatchObject({ stream: { clockMs: 40.1 } });
  expect(following(known, line("x", 8, 8_000), 8_010)).toMatchObject({ stream: { clockMs: 10 } });
});
