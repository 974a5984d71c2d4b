import { expect, test } from "vitest";
import { run } from "./suite.ts";

test("the whole way and the way back succeed under the printed roles, and no right can be missing unnoticed", async () => {
  const told: string[] = [];
  const result = await run("short", (line) => told.push(line));
  expect(result.wrong).toEqual([]);
  expect(result.endedRight).toBe(2);
  expect(result.faults).toBeGreaterThanOrEqual(7);
});
