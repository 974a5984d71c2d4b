import type { World } from "../command.ts";
import { lineOutput } from "./line-output.ts";
import { visible } from "./visible.ts";

/** What takes no longer needs no word. */
const sayAfterMs = 1_000;

/** The time of day, as a shell's prompt would say it. */
export const untilTime = (forMs: number, now = Date.now()): string =>
  `${new Date(now + forMs).toISOString().slice(11, 19)} UTC`;

/** Where it is said what is waited for. */
export type Say = (sentence: string) => void;

/** Onto stderr, so that no output holds it; whoever reads it may stand still. */
export function sayOnStderr({ stderr }: Pick<World, "stderr">): Say {
  const lines = lineOutput(stderr, { onGone: () => undefined, leftOut: () => "" });
  return (sentence) => lines.line(`crossfade: ${visible(sentence)}`);
}

/** Where nobody watches a command that only shows something, its errors stay all that is on stderr. */
export const sayOnTerminal = (world: Pick<World, "stderr">): Say | null =>
  world.stderr.isTTY === true ? sayOnStderr(world) : null;

/** Says what is waited for once it takes longer than a second. */
export async function sayingWhile<T>(say: Say | null, what: string, work: () => Promise<T>): Promise<T> {
  if (say === null) return work();
  const timer = setTimeout(() => say(what), sayAfterMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
