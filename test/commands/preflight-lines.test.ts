import { expect, test } from "vitest";
import { preflightLines } from "../../src/commands/preflight.ts";
import { paint } from "../../src/components/look.ts";
import type { CheckResult } from "../../src/engine/model/check-result.ts";
import { reason } from "../../src/engine/model/reason.ts";
import type { CheckId } from "../../src/engine/model/reasons/findings.ts";
import type { Line } from "../../src/store/text/line.ts";
import { aFailure } from "../support/said.ts";

const result = (level: CheckResult["level"], check: CheckId, message = "seen"): CheckResult => ({
  check,
  level,
  reason: reason("chart-unread", {
    chart: "x",
    failure: aFailure("HELM_FAILED", message, level === "ok" ? "" : "do it"),
  }),
  objects: [],
});
const textOf = (line: Line) => line.map(({ text }) => text).join("");

const four = [result("blocker", "mtu"), result("ok", "jobs"), result("warning", "kernel"), result("ok", "platform")];

test("what is in the way comes last, and the sum ends it", () => {
  expect(preflightLines(four, null).map(textOf)).toEqual([
    "ok       Running Jobs: x could not be read: seen",
    "ok       Node OS and architecture: x could not be read: seen",
    "WARNING  Kernel version: x could not be read: seen",
    "          → do it",
    "BLOCKER  MTU: x could not be read: seen",
    "          → do it",
    "",
    "1 blocker, 1 warning, 2 passed",
  ]);
});

test("on a terminal no line is wider than it, and what is wrapped stays in its column", () => {
  const long = [
    result("warning", "tunnel-clash", "port 8472 is used by the old overlay on every node of this cluster ".repeat(3)),
  ];
  const lines = preflightLines(long, 40).map(textOf);
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
  expect(lines[1]).toMatch(/^ {9}\S/);
  expect(preflightLines(long, null)).toHaveLength(4);
});

test("marks and the sum are coloured by what is worst", () => {
  const painted = (checkResults: readonly CheckResult[]) =>
    preflightLines(checkResults, 80).map((line) => paint(line, { colour: true, ascii: false }));
  expect(painted(four).at(-4)).toBe("\x1b[1;31mBLOCKER  \x1b[0mMTU: x could not be read: seen");
  expect(painted(four).at(-1)).toBe("\x1b[1;31m1 blocker, 1 warning, 2 passed\x1b[0m");
  expect(painted(four.slice(1)).at(-1)).toContain("\x1b[33m");
  expect(painted([result("ok", "jobs")]).at(-1)).toContain("\x1b[32m");
});

test("foreign text moves no cursor and paints nothing", () => {
  const lines = preflightLines([result("warning", "mtu", "a\x1b[31mred\nBLOCKER forged")], 80);
  for (const sign of ["\x1b", "\n"]) expect(lines.map(textOf).join("|")).not.toContain(sign);
  expect(lines.filter((line) => textOf(line).startsWith("BLOCKER"))).toEqual([]);
});
