import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { untilTime, whileWaiting } from "../../src/commands/while-waiting.ts";

const stderr = (isTTY: boolean) => {
  const said: string[] = [];
  return {
    said,
    world: { stderr: { isTTY, write: (text: string) => said.push(text) } as unknown as NodeJS.WriteStream },
  };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what takes over a second says once what it waits for", async () => {
  const { said, world } = stderr(true);
  const { promise, resolve } = Promise.withResolvers<number>();
  const waiting = whileWaiting(world, "waits for \x1b[31mada", () => promise);
  await vi.advanceTimersByTimeAsync(999);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual(["crossfade: waits for \\u001b[31mada\n"]);
  resolve(7);
  expect(await waiting).toBe(7);
});

test.each([
  ["what is quick", true, 500],
  ["what nobody watches", false, 5_000],
])("%s says nothing", async (_what, isTTY, tookMs) => {
  const { said, world } = stderr(isTTY);
  const waiting = whileWaiting(world, "waits", () => new Promise((resolve) => setTimeout(resolve, tookMs)));
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
  expect(said).toEqual([]);
});

test("what fails says nothing afterwards", async () => {
  const { said, world } = stderr(true);
  await expect(whileWaiting(world, "waits", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(said).toEqual([]);
});

test("until when is a time of day", () => {
  expect(untilTime(60_000, Date.parse("2026-01-01T10:59:30Z"))).toBe("11:00:30 UTC");
});
