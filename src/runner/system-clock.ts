import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../engine/ports.ts";

/** The wall's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    await sleep(ms, undefined, { signal });
  },
};
