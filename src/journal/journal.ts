import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { EngineEvent } from "../engine/events.ts";

/** One line of the audit trail; `hash` covers the line and the hash before it, so that no line can be changed or lost unseen. */
export interface JournalLine {
  readonly seq: number;
  readonly previous: string;
  readonly event: EngineEvent;
  readonly hash: string;
}

const firstHash = "0".repeat(64);

/** Shown on the screen many times a minute and worth nothing afterwards. */
const passing: ReadonlySet<EngineEvent["type"]> = new Set(["node-seen", "link-changed"]);
/** Connectivity is kept once in this time; the last word before the end is always kept. */
const connectivityEveryMs = 10_000;

function hashOf(seq: number, previous: string, event: EngineEvent): string {
  return createHash("sha256")
    .update(`${seq}\n${previous}\n${JSON.stringify(event)}`)
    .digest("hex");
}

/** What a reading of a journal found. */
export interface JournalReading {
  readonly lines: readonly JournalLine[];
  /** Null when every hash fits; else in one sentence where it does not. */
  readonly broken: string | null;
  /** A last line that a crash cut short was left out. */
  readonly torn: boolean;
  /** Length in bytes up to the end of the last whole line. */
  readonly wholeBytes: number;
}

function parse(text: string): JournalLine | null {
  try {
    return JSON.parse(text) as JournalLine;
  } catch {
    return null;
  }
}

/** Reads a journal and checks its chain. */
export function readJournal(path: string): JournalReading {
  if (!existsSync(path)) return { lines: [], broken: null, torn: false, wholeBytes: 0 };
  const text = readFileSync(path, "utf8");
  const rows = text.split("\n");
  const last = rows.pop() ?? "";
  const torn = last !== "";
  const wholeBytes = Buffer.byteLength(text) - Buffer.byteLength(last);
  const lines: JournalLine[] = [];
  let previous = firstHash;
  for (const [at, row] of rows.entries()) {
    const line = parse(row);
    if (!line) return { lines, broken: `line ${at + 1} is not readable`, torn, wholeBytes };
    if (line.previous !== previous || line.hash !== hashOf(line.seq, previous, line.event)) {
      return { lines, broken: `line ${at + 1} does not follow from the line before it`, torn, wholeBytes };
    }
    previous = line.hash;
    lines.push(line);
  }
  return { lines, broken: null, torn, wholeBytes };
}

/** The audit trail on the local disk: JSON lines, appended and flushed before the event is shown. Losing it loses detail, never the run. */
export class Journal {
  readonly path: string;
  #file: number | null = null;
  #seq = 0;
  #previous = firstHash;
  #connectivityAt = 0;
  /** Why nothing is written any more (a full disk), in one sentence; the run goes on without. */
  trouble: string | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** Opens for appending, after the last whole line. Never throws: trouble is kept and shown. */
  open(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      const { lines, torn, wholeBytes } = readJournal(this.path);
      if (torn) truncateSync(this.path, wholeBytes);
      const last = lines.at(-1);
      this.#seq = last ? last.seq + 1 : 0;
      this.#previous = last?.hash ?? firstHash;
      this.#file = openSync(this.path, "a", 0o600);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  append(event: EngineEvent): void {
    if (this.#file === null || passing.has(event.type) || this.#tooSoon(event)) return;
    const hash = hashOf(this.#seq, this.#previous, event);
    const line: JournalLine = { seq: this.#seq, previous: this.#previous, event, hash };
    try {
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
      fsyncSync(this.#file);
      this.#seq += 1;
      this.#previous = hash;
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #tooSoon(event: EngineEvent): boolean {
    if (event.type !== "connectivity") return false;
    if (event.at - this.#connectivityAt < connectivityEveryMs) return true;
    this.#connectivityAt = event.at;
    return false;
  }

  #fail(thrown: unknown): void {
    this.trouble = `the journal ${this.path} cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    this.close();
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
