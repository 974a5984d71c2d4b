import { expect, test } from "vitest";
import { summaryLine } from "../result.ts";
import { run } from "./suite.ts";

test("of engines that race on one cluster one writes at a time, and the migration comes to its end", async () => {
  const result = await run("short", (line) => console.log(line));
  console.log(summaryLine("lease", result));
  expect(result.wrong).toEqual([]);
  expect(result.endedRight).toBe(1);
  expect(result.faults).toBeGreaterThanOrEqual(5);
});
