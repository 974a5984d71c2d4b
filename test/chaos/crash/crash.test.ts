import { expect, test } from "vitest";
import { summaryLine } from "../result.ts";
import { run } from "./suite.ts";

test("engines that are killed at writes come to the same end as one that is not", async () => {
  const result = await run("short", (line) => console.log(line));
  console.log(summaryLine("crash", result));
  expect(result.wrong).toEqual([]);
  expect(result.endedRight).toBe(2);
  expect(result.faults).toBeGreaterThan(12);
});
