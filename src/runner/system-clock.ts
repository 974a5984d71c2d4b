import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../engine/model/ports/clock.ts";

/** The wall's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    // Node's own AbortError would say nothing of a lost lease: the reason is what the run ends with.
    await sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  },
};
