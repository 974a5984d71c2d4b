import type { Cancel, LabClock } from "../clock.ts";
import type { Random } from "../random.ts";
import { ApiError } from "../store/api-error.ts";

/** Keys to be looked at again; a key that waits twice is looked at once. */
export interface WorkQueue {
  /** The earlier of two times wins. */
  add(key: string, delayMs?: number): void;
  readonly stop: () => void;
}

/** How a queue waits. */
export interface QueueOptions {
  readonly clock: LabClock;
  readonly random: Random;
  /** Lowest and highest delay of a key that was added without one, in lab milliseconds. */
  readonly latencyMs?: readonly [low: number, high: number];
}

/** Keys worked on in one go, so that 5,000 of them do not hold up the event loop that also serves HTTP. */
const batchSize = 200;
const firstRetryMs = 5;
const lastRetryMs = 60_000;

/** Runs `sync` for each key; an ApiError (conflict, quota, a terminating namespace) is tried again with growing delay. */
export function workQueue(options: QueueOptions, sync: (key: string) => void): WorkQueue {
  const { clock, random, latencyMs: [low, high] = [1, 5] } = options;
  const due = new Map<string, number>();
  const failures = new Map<string, number>();
  let armedAt = Number.POSITIVE_INFINITY;
  let cancel: Cancel = () => undefined;
  let stopped = false;

  const arm = (at: number) => {
    if (at >= armedAt) return;
    cancel();
    armedAt = at;
    cancel = clock.after(Math.max(0, at - clock.now()), run);
  };
  const add = (key: string, delayMs = random.between(low, high)) => {
    if (stopped) return;
    const at = clock.now() + delayMs;
    if ((due.get(key) ?? Number.POSITIVE_INFINITY) <= at) return;
    due.set(key, at);
    arm(at);
  };
  const work = (key: string) => {
    try {
      sync(key);
      failures.delete(key);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const times = failures.get(key) ?? 0;
      failures.set(key, times + 1);
      add(key, Math.min(lastRetryMs, firstRetryMs * 2 ** times));
    }
  };
  const run = () => {
    armedAt = Number.POSITIVE_INFINITY;
    const { ready, next } = split(due, clock.now());
    for (const key of ready) due.delete(key);
    arm(next);
    for (const key of ready) if (!stopped) work(key);
  };
  return {
    add,
    stop: () => {
      stopped = true;
      cancel();
      due.clear();
    },
  };
}

/** The keys to work on now, and when the rest are due. */
function split(due: ReadonlyMap<string, number>, now: number): { ready: string[]; next: number } {
  const ready: string[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (const [key, at] of due) {
    if (at <= now && ready.length < batchSize) ready.push(key);
    else next = Math.min(next, at);
  }
  return { ready, next };
}
