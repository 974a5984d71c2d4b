import type { Given, World } from "../command.ts";
import { isSet } from "../flags/flags.ts";

/** Without a terminal on both ends nobody could press a key; a dumb one cannot be drawn on. */
export function wantsPanel(given: Given, { stdin, stdout, env }: World): boolean {
  if (isSet(given, "headless") || isSet(given, "json") || isSet(given, "plain") || env.TERM === "dumb") return false;
  return stdin.isTTY === true && stdout.isTTY === true;
}
