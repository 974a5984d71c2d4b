import { expect, test } from "vitest";
import { VirtualClock } from "../../clock.ts";
import { workQueue } from "../../controllers/queue.ts";
import { seededRandom } from "../../random.ts";
import { conflict } from "../../store/api-error.ts";

test("a key that is added twice is looked at once, at the earlier time", async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const seen: [string, number][] = [];
  const queue = workQueue({ clock, random: seededRandom(1) }, (key) => seen.push([key, clock.now() - start]));
  queue.add("a", 50);
  queue.add("a", 10);
  queue.add("b", 20);
  await clock.advance(100);
  expect(seen).toEqual([
    ["a", 10],
    ["b", 20],
  ]);
});

test("a conflict is tried again with growing delay until it passes", async () => {
  const clock = new VirtualClock();
  const start = clock.now();
  const at: number[] = [];
  const queue = workQueue({ clock, random: seededRandom(1) }, () => {
    at.push(clock.now() - start);
    if (at.length < 4) throw conflict({ group: "", plural: "pods" }, "p");
  });
  queue.add("p", 0);
  await clock.advance(1_000);
  expect(at).toEqual([0, 5, 15, 35]);
});

test("a bug is not taken for a conflict", async () => {
  const clock = new VirtualClock();
  const queue = workQueue({ clock, random: seededRandom(1) }, () => {
    throw new TypeError("a bug");
  });
  queue.add("p", 0);
  await expect(clock.advance(10)).rejects.toThrow("a bug");
});

test("a stopped queue does nothing more and leaves no timer", async () => {
  const clock = new VirtualClock();
  let runs = 0;
  const queue = workQueue({ clock, random: seededRandom(1) }, () => {
    runs += 1;
  });
  queue.add("a", 5);
  queue.stop();
  queue.add("b", 5);
  await clock.advance(100);
  expect(runs).toBe(0);
  expect(clock.next()).toBeNull();
});
