import { expect, test } from "vitest";
import { summaryLine } from "../result.ts";
import { run } from "./suite.ts";

test("processes that are ended by SIGKILL, helm's among them, are followed by one that comes to the same end", async () => {
  const result = await run("short", (line) => console.log(line));
  console.log(summaryLine("sigkill", result));
  expect(result.wrong).toEqual([]);
  expect(result.endedRight).toBe(2);
  expect(result.faults).toBeGreaterThanOrEqual(3);
});
