import { closeSync, fchmodSync, fsyncSync, ftruncateSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ConnectivityPace } from "../engine/model/connectivity-pace.ts";
import type { EngineEvent } from "../engine/model/events.ts";
import { knownSecrets } from "../engine/model/known-secrets.ts";
import { type Note, note } from "../engine/model/notes/note.ts";
import { lockJournal } from "./journal-lock.ts";
import { makeFolder, openOwnFile } from "./own-folder.ts";
import { firstHash, hashOf, type JournalLine, readJournal } from "./read-journal.ts";

/** Shown on the screen many times a minute and worth nothing afterwards. */
const passing: ReadonlySet<EngineEvent["type"]> = new Set(["node-seen", "link-changed"]);
/** How soon a journal that could not be written is tried again: a full disk may have been made room on. */
const tryAgainAfterMs = 15_000;

/** A link in its place is not followed here either. */
function cutTo(path: string, bytes: number): void {
  const file = openOwnFile(path, "append");
  try {
    ftruncateSync(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** Writes some of the bytes and says how many, as writeSync does. */
export type WriteSome = (file: number, bytes: Uint8Array) => number;

/** The audit trail on the local disk: JSON lines, appended and flushed before the event is shown. Losing it loses detail, never the run. */
export class Journal {
  readonly #wanted: string;
  readonly #writeSome: WriteSome;
  #path: string;
  #file: number | null = null;
  #unlock: (() => void) | null = null;
  #seq = 0;
  #previous = firstHash;
  readonly #pace = new ConnectivityPace();
  #failedAt = Number.NEGATIVE_INFINITY;
  #missing = 0;
  #missingNow = 0;
  #news: Note[] = [];
  /** What the first line of a journal that was begun anew has to say. */
  #opening: Note | null = null;
  /** Why nothing is written at the moment (a full disk), in one sentence; the run goes on without. */
  trouble: string | null = null;

  constructor(path: string, writeSome: WriteSome = writeSync) {
    this.#wanted = path;
    this.#path = path;
    this.#writeSome = writeSome;
  }

  /** Where it is written: a file of its own while another process writes the wanted one. */
  get path(): string {
    return this.#path;
  }

  /** Events that could not be written, so far. */
  get missing(): number {
    return this.#missing;
  }

  /** What a person should know of the journal since this was last asked. */
  takeNews(): readonly Note[] {
    return this.#news.splice(0);
  }

  /** Opens for appending, after the last whole line. Never throws: trouble is kept and told. */
  open(): void {
    try {
      makeFolder(dirname(this.#wanted));
      this.#lock();
      this.#continue();
      this.#file = openOwnFile(this.#path, "append");
      // It may be older than its mode, or have been copied here.
      fchmodSync(this.#file, 0o600);
      this.trouble = null;
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  append(event: EngineEvent): void {
    if (passing.has(event.type)) return;
    if (event.type === "connectivity" && !this.#pace.isDue(event)) return;
    const last = event.type === "run-finished" ? this.#pace.takeHeldBack() : null;
    if (last !== null) this.#keep(last);
    this.#keep(event);
  }

  #keep(event: EngineEvent): void {
    this.#recover(event.at);
    this.#sayHowItBegan(event.at);
    if (this.#file === null || !this.#write(event)) {
      this.#missing += 1;
      this.#missingNow += 1;
      if (this.#missingNow === 1) this.#failedAt = event.at;
    }
  }

  close(): void {
    this.#closeFile();
    this.#unlock?.();
    this.#unlock = null;
  }

  #lock(): void {
    if (this.#unlock) return;
    this.#unlock = lockJournal(this.#path);
    if (this.#unlock) return;
    this.#path = this.#wanted.replace(/(\.jsonl)?$/, `.${process.pid}.jsonl`);
    this.#unlock = lockJournal(this.#path);
    this.#news.push(note("journal-elsewhere", { wanted: this.#wanted, path: this.#path }));
  }

  /** Goes on behind the last whole line; a journal that was tampered with, or that another build wrote, is kept aside and a new one begun. */
  #continue(): void {
    const { lines, broken, otherBuild, torn, wholeBytes } = readJournal(this.#path);
    const last = broken === null ? lines.at(-1) : undefined;
    this.#seq = last ? last.seq + 1 : 0;
    this.#previous = last?.hash ?? firstHash;
    if (broken !== null) this.#beginAnother("damaged", (kept) => note("journal-damaged", { why: broken.why, kept }));
    else if (otherBuild) this.#beginAnother("other-build", (kept) => note("journal-outdated", { kept }));
    else if (torn) cutTo(this.#path, wholeBytes);
  }

  #beginAnother(why: string, told: (kept: string) => Note): void {
    const kept = `${this.#path}.${why}-${new Date().toISOString().replace(/[:.]/g, "-")}`;
    renameSync(this.#path, kept);
    this.#opening = told(kept);
    this.#news.push(this.#opening);
  }

  #sayHowItBegan(at: number): void {
    const opening = this.#opening;
    if (opening === null || this.#file === null) return;
    this.#opening = null;
    this.#write({ type: "log", at, level: "warning", node: null, note: opening });
  }

  #recover(at: number): void {
    if (this.trouble === null || Math.abs(at - this.#failedAt) < tryAgainAfterMs) return;
    this.#failedAt = at;
    this.open();
    if (this.#file === null) return;
    const missed = note("journal-missed", { count: this.#missingNow });
    if (!this.#write({ type: "log", at, level: "warning", node: null, note: missed })) return;
    this.#missingNow = 0;
    this.#news.push(missed);
  }

  #write(said: EngineEvent): boolean {
    const event = knownSecrets.hideIn(said);
    const hash = hashOf(this.#seq, this.#previous, event);
    const line: JournalLine = { seq: this.#seq, previous: this.#previous, event, hash };
    try {
      this.#writeWhole(Buffer.from(`${JSON.stringify(line)}\n`));
      this.#seq += 1;
      this.#previous = hash;
      return true;
    } catch (thrown) {
      this.#fail(thrown);
      return false;
    }
  }

  /** A disk that is nearly full takes a part, and says so by its length only. */
  #writeWhole(bytes: Uint8Array): void {
    const file = this.#file ?? -1;
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(this.#writeSome(file, rest));
    fsyncSync(file);
  }

  #fail(thrown: unknown): void {
    const first = this.trouble === null;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    this.trouble = `the journal ${this.#path} cannot be written: ${why}`;
    if (first) this.#news.push(note("journal-failed", { path: this.#path, why }));
    this.#closeFile();
  }

  #closeFile(): void {
    if (this.#file === null) return;
    try {
      closeSync(this.#file);
    } catch {
      // Its last bytes are known to be missing already.
    }
    this.#file = null;
  }
}
