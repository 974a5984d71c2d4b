import type { World } from "./command.ts";
import { visible } from "./visible.ts";

/** What takes no longer needs no word. */
export const sayAfterMs = 1_000;

/** The time of day, as a shell's prompt would say it. */
export const untilTime = (forMs: number, now = Date.now()): string =>
  `${new Date(now + forMs).toISOString().slice(11, 19)} UTC`;

/** Says on a terminal what is waited for, once it takes longer than a second; to stderr, so that no output holds it. */
export async function whileWaiting<T>(
  { stderr }: Pick<World, "stderr">,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  if (stderr.isTTY !== true) return work();
  const timer = setTimeout(() => stderr.write(`${visible(`crossfade: ${what}`)}\n`), sayAfterMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
