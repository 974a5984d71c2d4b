import { inParts } from "../../engine/model/in-parts.ts";
import type { ExecAnswer } from "../client/kube-client.ts";

type Argv = readonly string[];

const mark = "crossfade-exit";
/** So many at once fit a command line. */
const atOnce = 100;

/** For sh: nothing within is expanded. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

function batchOf(commands: readonly Argv[]): Argv {
  const lines = commands.map((argv, index) => `${argv.map(quoted).join(" ")} 2>&1; echo ${mark} ${index} $?`);
  return ["sh", "-c", lines.join("\n")];
}

/** What each said, on whichever stream, and ended with; the batch's own end for one that did not come to its own. */
function answersOf(batch: ExecAnswer, commands: readonly Argv[]): readonly ExecAnswer[] {
  let rest = batch.stdout;
  return commands.map((_, index) => {
    const end = new RegExp(`${mark} ${index} (\\d+)(?:\\n|$)`).exec(rest);
    if (!end) return { ...batch, exitCode: batch.exitCode === 0 ? 1 : batch.exitCode };
    const stderr = rest.slice(0, end.index);
    rest = rest.slice(end.index + end[0].length);
    return { stdout: "", stderr, exitCode: Number(end[1]) };
  });
}

/**
 * Runs commands one after the other, whatever becomes of each, in as few commands in a pod as can be: one of those costs its
 * node some processes and a second, whatever it does. The answers are in the commands' order, all output as stderr.
 */
export async function runAll(
  run: (argv: Argv) => Promise<ExecAnswer>,
  commands: readonly Argv[],
): Promise<readonly ExecAnswer[]> {
  const answers: ExecAnswer[] = [];
  for (const together of inParts(commands, atOnce)) {
    const [only] = together;
    if (only && together.length === 1) answers.push(await run(only));
    else answers.push(...answersOf(await run(batchOf(together)), together));
  }
  return answers;
}
