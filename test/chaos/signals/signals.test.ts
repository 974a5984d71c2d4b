import { expect, test } from "vitest";
import { summaryLine } from "../result.ts";
import { run } from "./suite.ts";

test("a run that is interrupted, hung up, stopped or killed is gone on with by the same command, to the same end", async () => {
  const result = await run("short", (line) => console.log(line));
  console.log(summaryLine("signals", result));
  expect(result.wrong).toEqual([]);
  expect(result.endedRight).toBe(2);
  expect(result.faults).toBeGreaterThanOrEqual(2);
});
