import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import type { EngineEvent } from "../engine/model/events.ts";

/** One line of the audit trail; `hash` covers the line and the hash before it, so that no line can be changed or lost unseen. */
export interface JournalLine {
  readonly seq: number;
  readonly previous: string;
  readonly event: EngineEvent;
  readonly hash: string;
}

/** Raised when an event's shape changes: what another build wrote is refused in a sentence, and never told half. */
const format = 2;

/** Stands before the first line, and so tells its format. */
export const firstHash = `${format}`.padStart(64, "0");

/** The first line of a journal of another format. */
const isOthers = (line: JournalLine | null): boolean =>
  line?.seq === 0 && line.previous !== firstHash && /^0{60}\d{4}$/.test(line.previous);

/** Why a journal of another build is not read. */
export const otherBuildWords = "it was written by another build of crossfade, whose events this one does not know";

/** What binds a line to the one before it. */
export function hashOf(seq: number, previous: string, event: EngineEvent): string {
  return createHash("sha256")
    .update(`${seq}\n${previous}\n${JSON.stringify(event)}`)
    .digest("hex");
}

/** Where a chain breaks. The lines before it are as they were written; of those behind it nothing is proven. */
export interface BrokenChain {
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly why: string;
}

/** What a reading of a journal found. */
export interface JournalReading {
  readonly lines: readonly JournalLine[];
  /** Null when every hash fits; else the first line that does not, and why, in one sentence. */
  readonly broken: BrokenChain | null;
  /** Its events have another shape: none of them is read. */
  readonly otherBuild: boolean;
  /** A last line that a crash cut short was left out. */
  readonly torn: boolean;
  /** Length in bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

/** Null for what is no line of a journal, whatever else it may be. */
function parse(text: string): JournalLine | null {
  try {
    const line = JSON.parse(text) as Partial<JournalLine> | null;
    const isLine = typeof line?.seq === "number" && typeof line.event === "object" && line.event !== null;
    return isLine ? (line as JournalLine) : null;
  } catch {
    return null;
  }
}

/** Why a line cannot stand where it stands; null where it can. */
function whyNot(line: JournalLine | null, number: number, previous: string): string | null {
  if (!line) return `line ${number} is not readable`;
  if (line.hash !== hashOf(line.seq, line.previous, line.event))
    return `line ${number} is not as it was written: its hash does not fit it`;
  const missing = line.seq - (number - 1);
  if (missing > 0) return `${missing} ${missing === 1 ? "line is" : "lines are"} missing before line ${number}`;
  return missing === 0 && line.previous === previous ? null : `line ${number} does not follow from the line before it`;
}

/** Reads a journal and checks its chain. */
export function readJournal(path: string): JournalReading {
  if (!existsSync(path)) return { lines: [], broken: null, otherBuild: false, torn: false, wholeBytes: 0 };
  if (!statSync(path).isFile()) throw new Error(`${path} is not a file`);
  const text = readFileSync(path, "utf8");
  const rows = text.split("\n");
  const last = rows.pop() ?? "";
  const torn = last !== "";
  const wholeBytes = Buffer.byteLength(text) - Buffer.byteLength(last);
  const lines: JournalLine[] = [];
  let previous = firstHash;
  if (isOthers(parse(rows[0] ?? ""))) return { lines, broken: null, otherBuild: true, torn, wholeBytes };
  for (const [at, row] of rows.entries()) {
    const line = parse(row);
    const why = whyNot(line, at + 1, previous);
    if (!line || why !== null) {
      return { lines, broken: { line: at + 1, why: why ?? "" }, otherBuild: false, torn, wholeBytes };
    }
    previous = line.hash;
    lines.push(line);
  }
  return { lines, broken: null, otherBuild: false, torn, wholeBytes };
}
