import { expect, test } from "vitest";
import { enough, run, stories } from "./suite.ts";

const silent = () => undefined;

test.each(stories)(
  "from $source the whole way and the way back succeed under the printed roles, and use all of them",
  async (story) => {
    const { wrong, endedRight } = await enough(story, silent);
    expect(wrong).toEqual([]);
    expect(endedRight).toBe(2);
  },
);

test("no right can be missing unnoticed, and a lost one is told", async () => {
  const { wrong, faults } = await run("short", silent);
  expect(wrong).toEqual([]);
  expect(faults).toBeGreaterThanOrEqual(7);
});
