import { createInterface } from "node:readline/promises";
import type { World } from "../command.ts";
import { CommandError } from "../command-error.ts";
import { visible } from "./visible.ts";

export interface Question {
  /** What will be done if the answer is right. */
  readonly lines: readonly string[];
  /** What has to be typed. */
  readonly answer: string;
}

const refused = (why: string, remedy: string) => new CommandError("USAGE", `${why}: nothing was changed`, remedy);

/** Without a terminal nobody can be asked: the consent has to be in the command. */
export function wantsYes({ stdin, stderr }: World, yes: boolean): void {
  if (yes || (stdin.isTTY === true && stderr.isTTY === true)) return;
  throw refused("there is no terminal to ask on", "say --yes if it is to be done");
}

/** Asks on the terminal before something that is not taken back lightly; rejects where the answer is another one, or none. */
export async function confirm({ lines, answer }: Question, world: World): Promise<void> {
  const { stdin, stderr, signal, interrupts } = world;
  for (const line of lines) stderr.write(`${visible(line)}\n`);
  const terminal = createInterface({ input: stdin, output: stderr });
  // Ctrl-D, or a terminal that went away: readline itself leaves the question open for ever.
  // While it asks the terminal is raw: Ctrl-C comes as a key, and no signal comes with it.
  terminal.once("SIGINT", () => (interrupts === undefined ? terminal.close() : interrupts.hear("SIGINT")));
  const closed = new Promise<string>((resolve) => void terminal.once("close", () => resolve("")));
  try {
    const asking = terminal.question(`Type ${visible(answer)} and press Enter: `, { signal });
    const typed = (await Promise.race([asking, closed])).trim();
    if (typed === answer) return;
    throw refused(
      typed === "" ? "nothing was typed" : `"${visible(typed)}" is not ${visible(answer)}`,
      "the same command asks again; --yes does not ask",
    );
  } catch (thrown) {
    if (signal.aborted) stderr.write("\ncrossfade: interrupted: nothing was changed\n");
    throw thrown;
  } finally {
    terminal.close();
  }
}
