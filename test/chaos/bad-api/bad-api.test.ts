import { expect, test } from "vitest";
import { summaryLine } from "../result.ts";
import { run } from "./suite.ts";

test("a migration through a bad API server ends right, or holds with the true reason until it is well again", async () => {
  const lines: string[] = [];
  const result = await run("short", (line) => lines.push(line));
  console.log(`${lines.join("\n")}\n${summaryLine("bad-api", result)}`);
  expect(result.wrong).toEqual([]);
  expect(result.runs).toBe(2);
  expect(result.faults).toBeGreaterThan(100);
  expect(result.endedRight + result.heldWithReason).toBe(2);
  expect(result.heldWithReason).toBeGreaterThan(0);
});
