import type { CrossfadeError } from "../engine/model/errors.ts";
import { type CheckedJournal, checkJournals, type JournalKind } from "../journal/journal-files.ts";
import { type BrokenChain, otherBuildWords } from "../journal/read-journal.ts";
import { harmlessJson } from "../store/text/foreign.ts";
import type { World } from "./command.ts";
import { CommandError } from "./command-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { visible } from "./headless/visible.ts";

const kinds: Readonly<Record<JournalKind, string>> = {
  journal: "",
  "second-writer": " (of a second process)",
  "kept-aside": " (a copy that was kept: damaged, or of another build)",
};

const time = (at: number | null): string => (at === null ? "" : new Date(at).toISOString());

function sentence({ file, kind, lines, from, to, head, broken, torn, otherBuild }: CheckedJournal): string {
  const name = `${file}${kinds[kind]}`;
  const cut = torn ? "; a last line was cut short and does not count" : "";
  if (broken) {
    const before = broken.line === 1 ? "nothing in it is verified" : `lines 1 to ${broken.line - 1} are whole`;
    return `BROKEN ${name}: ${broken.why}; ${before}${broken.line === 1 ? "" : ", nothing after it is verified"}${cut}`;
  }
  if (otherBuild) return `UNREAD ${name}: ${otherBuildWords}`;
  if (head === null) return `whole  ${name}: no line yet${cut}`;
  return `whole  ${name}: ${lines} ${lines === 1 ? "line" : "lines"}, ${time(from)} to ${time(to)}, every hash fits${cut}; the last is ${head}`;
}

/** Said wherever a journal is wanted and none is there. */
export const noJournal = (path: string): CrossfadeError =>
  new CommandError("USAGE", `there is no journal ${path}`, "run it where the migration ran, or give --journal FILE");

/** Said wherever a journal is to be read that another build wrote. */
export const otherBuild = (path: string): CrossfadeError =>
  new CommandError("JOURNAL_BROKEN", `${path}: ${otherBuildWords}`, "read it with the build that wrote it");

/** Checks the chain of a journal and of what was written in its place: a line a file, and exit code 1 where one is broken. */
export function verifyJournals(path: string, json: boolean, { stdout }: Pick<World, "stdout">): number {
  const checked = checkJournals(path);
  if (checked.length === 0) throw noJournal(path);
  for (const one of checked) stdout.write(`${json ? harmlessJson(one) : visible(sentence(one))}\n`);
  const broken = checked.filter((one) => one.broken !== null);
  const [first] = broken;
  if (first?.broken) throw brokenJournal(first.file, first.broken, broken.length);
  const unread = checked.find((one) => one.otherBuild && one.kind !== "kept-aside");
  if (unread) throw otherBuild(unread.file);
  return exitCodes.done;
}

function brokenJournal(file: string, { line, why }: BrokenChain, count: number): CommandError {
  const more = count > 1 ? `, and ${count - 1} more ${count === 2 ? "file is" : "files are"}` : "";
  return new CommandError(
    "JOURNAL_BROKEN",
    `${file} is broken at line ${line}${more}: ${why}`,
    "trust nothing from that line on; what the cluster records is shown by crossfade status",
  );
}
