import { expect, test } from "vitest";
import { preflightLines } from "../../src/commands/preflight.ts";
import type { Verdict } from "../../src/engine/verdict.ts";

const verdict = (level: Verdict["level"], check: string): Verdict =>
  ({ check, title: check, level, message: "seen", remedy: "do it", objects: [] }) as unknown as Verdict;

test("what is in the way comes last, and the sum ends it", () => {
  const lines = preflightLines([
    verdict("blocker", "a"),
    verdict("ok", "b"),
    verdict("warning", "c"),
    verdict("ok", "d"),
  ]);
  expect(lines).toEqual([
    "ok       b: seen",
    "ok       d: seen",
    "WARNING  c: seen",
    "          → do it",
    "BLOCKER  a: seen",
    "          → do it",
    "",
    "1 blocker, 1 warning, 2 ok",
  ]);
});
