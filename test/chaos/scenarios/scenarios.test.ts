import { expect, test } from "vitest";
import { run } from "./suite.ts";

test("misbehaving nodes end as documented under each policy, or hold with the true cause and end right once it is gone", async () => {
  const told: string[] = [];
  const { wrong, ...counts } = await run("short", (line) => told.push(line));
  expect(wrong).toEqual([]);
  expect(counts).toEqual({ runs: 3, faults: 3, endedRight: 1, heldWithReason: 2 });
});
