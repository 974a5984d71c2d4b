import { expect, test } from "vitest";
import { BootClock } from "../boot-clock.ts";
import { pause } from "../clock.ts";

test("while it jumps, timers fire in the order of their times, however long they wait", async () => {
  const clock = new BootClock(1, 0);
  const fired: string[] = [];
  clock.after(3_600_000, () => fired.push(`hour ${clock.now()}`));
  clock.after(20, () => fired.push(`second ${clock.now()}`));
  clock.after(10, () => fired.push(`first ${clock.now()}`));
  clock.after(20, () => fired.push(`third ${clock.now()}`));
  clock.after(15, () => fired.push("never"))();
  expect(await clock.jump(() => fired.length === 4, 7_200_000)).toBe(true);
  expect(fired).toEqual(["first 10", "second 20", "third 20", "hour 3600000"]);
  clock.stop();
});

test("promises settle between two timers", async () => {
  const clock = new BootClock(1, 0);
  const seen: number[] = [];
  const work = (async () => {
    for (let round = 0; round < 3; round += 1) {
      await pause(clock, 100);
      seen.push(clock.now());
    }
  })();
  await clock.jump(() => seen.length === 3, 10_000);
  await work;
  expect(seen).toEqual([100, 200, 300]);
  clock.stop();
});

test("what never comes true ends the jump", async () => {
  const clock = new BootClock(1, 0);
  const stop = clock.every(1_000, () => undefined);
  expect(await clock.jump(() => false, 30_000)).toBe(false);
  expect(clock.now()).toBe(30_000);
  stop();
  clock.stop();
});

test("once it runs, what is left of a wait passes at its speed", async () => {
  const clock = new BootClock(1_000_000, 0);
  // The hour that is left would be one of the wall's otherwise.
  const waited = pause(clock, 3_650_000);
  await clock.jumpTo(50_000);
  expect(clock.now()).toBe(50_000);
  clock.run();
  await waited;
  expect(clock.now()).toBeGreaterThanOrEqual(3_650_000);
  clock.stop();
});
