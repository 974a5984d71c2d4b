import { setTimeout as sleep } from "node:timers/promises";

/** Waits for a condition, up to ten seconds. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await sleep(5);
  }
}
