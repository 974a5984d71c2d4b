import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readJournal } from "./read-journal.ts";

/** What a file beside a cluster's journal is: the journal, another process's of the same time, or one kept aside. */
export type JournalKind = "journal" | "second-writer" | "kept-aside";

/** One file of a cluster's audit trail, with its chain checked from the first line to the last. */
export interface CheckedJournal {
  readonly file: string;
  readonly kind: JournalKind;
  /** How many lines from the first on are proven. */
  readonly lines: number;
  /** When the first and the last proven event happened, in ms since 1970; null where there is none. */
  readonly from: number | null;
  readonly to: number | null;
  /** The hash of the last proven line. Lines cut off at the end are seen only by who has noted it elsewhere. */
  readonly head: string | null;
  readonly broken: { readonly line: number; readonly why: string } | null;
  /** Another build wrote it: nothing of it was checked. */
  readonly otherBuild: boolean;
  /** A last line that a crash cut short, which counts for nothing. */
  readonly torn: boolean;
}

function kindOf(name: string, stem: string): JournalKind | null {
  if (name === `${stem}.jsonl`) return "journal";
  if (!name.startsWith(`${stem}.`)) return null;
  const rest = name.slice(stem.length);
  if (/^(\.\d+)?\.jsonl\.(damaged|other-build)-[\dTZ-]+$/.test(rest)) return "kept-aside";
  return /^\.\d+\.jsonl$/.test(rest) ? "second-writer" : null;
}

function check(file: string, kind: JournalKind): CheckedJournal {
  const { lines, broken, otherBuild, torn } = readJournal(file);
  const last = lines.at(-1);
  return {
    file,
    kind,
    lines: lines.length,
    from: lines[0]?.event.at ?? null,
    to: last?.event.at ?? null,
    head: last?.hash ?? null,
    broken,
    otherBuild,
    torn,
  };
}

/** The journal and every file that was written in its place, each checked; the journal first, the others by name. */
export function checkJournals(path: string): readonly CheckedJournal[] {
  const folder = dirname(path);
  const stem = basename(path).replace(/\.jsonl$/, "");
  const beside = existsSync(folder) ? readdirSync(folder).toSorted() : [];
  const found = beside.flatMap((name) => {
    const kind = join(folder, name) === path ? "journal" : kindOf(name, stem);
    return kind === null ? [] : [check(join(folder, name), kind)];
  });
  return found.toSorted((one, other) => Number(other.kind === "journal") - Number(one.kind === "journal"));
}
