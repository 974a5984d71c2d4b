import { expect, test } from "vitest";
import { systemClock } from "../../src/runner/system-clock.ts";

const lost = new Error("the lease was lost");

test("a sleep that is ended rejects with the reason, and not with Node's AbortError", async () => {
  const ended = new AbortController();
  const sleeping = systemClock.sleep(3_600_000, ended.signal).catch((why: unknown) => why);
  ended.abort(lost);
  expect(await sleeping).toBe(lost);
});

test("one that was ended before it began rejects with the reason too", async () => {
  expect(await systemClock.sleep(3_600_000, AbortSignal.abort(lost)).catch((why: unknown) => why)).toBe(lost);
});
