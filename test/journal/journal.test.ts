import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/model/events.ts";
import { Journal, type WriteSome } from "../../src/journal/journal.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { logEvent, textOf } from "../support/log-line.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossfade-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "state", "run.jsonl");
const newsOf = (journal: Journal) => journal.takeNews().map((note) => textOf({ note }));
const say = (text: string, at = 1): EngineEvent => logEvent(text, { at });

function written(...texts: readonly string[]): string {
  const journal = new Journal(file());
  journal.open();
  for (const text of texts) journal.append(say(text));
  journal.close();
  return file();
}

const textsIn = (path: string) =>
  readJournal(path).lines.map(({ event }) => (event.type === "log" ? textOf(event) : event.type));

test("what was appended is read back, and the chain fits", () => {
  const path = written("one", "two");
  expect(textsIn(path)).toEqual(["one", "two"]);
  expect(readJournal(path).broken).toBeNull();
});

test("a second process goes on with the chain of the first", () => {
  written("one");
  const path = written("two");
  expect(readJournal(path).broken).toBeNull();
  expect(textsIn(path)).toEqual(["one", "two"]);
});

test("a changed line is found", () => {
  const path = written("one", "two", "three");
  writeFileSync(path, readFileSync(path, "utf8").replace('"text":"two"', '"text":"2"'));
  expect(readJournal(path).broken).toEqual({
    line: 2,
    why: "line 2 is not as it was written: its hash does not fit it",
  });
});

test("a line that was taken out is found", () => {
  const path = written("one", "two", "three");
  const rows = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [rows[0], rows[2], ""].join("\n"));
  expect(readJournal(path).broken).toEqual({ line: 2, why: "1 line is missing before line 2" });
});

test("lines in another order, or of another journal, are found", () => {
  const path = written("one", "two", "three");
  const rows = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [rows[0], rows[0], rows[1], ""].join("\n"));
  expect(readJournal(path).broken).toEqual({ line: 2, why: "line 2 does not follow from the line before it" });
  rmSync(path);
  const other = readFileSync(written("other", "another"), "utf8").split("\n");
  writeFileSync(path, [rows[0], other[1], ""].join("\n"));
  expect(readJournal(path).broken).toEqual({ line: 2, why: "line 2 does not follow from the line before it" });
});

test("a last line that a crash cut short does not count, and the next writer removes it", () => {
  const path = written("one");
  appendFileSync(path, '{"seq":1,"prev');
  expect(readJournal(path)).toMatchObject({ broken: null, torn: true });
  written("two");
  expect(readJournal(path)).toMatchObject({ broken: null, torn: false });
  expect(textsIn(path)).toEqual(["one", "two"]);
});

test("passing events are not kept", () => {
  const journal = new Journal(file());
  journal.open();
  journal.append({ type: "link-changed", at: 1, link: { state: "live", since: 1, detail: "" } });
  journal.close();
  expect(readJournal(file()).lines).toEqual([]);
});

test("a disk that cannot be written is said once and stops nothing", () => {
  writeFileSync(join(folder, "state"), "a file where the folder should be");
  const journal = new Journal(file());
  journal.open();
  journal.append(say("one"));
  expect(journal.trouble).toMatch(/cannot be written/);
});

test("wherever a crash cuts the last line, the lines before it count and the next writer goes on behind them", () => {
  const whole = readFileSync(written("one", "two \u4e2d\u{1f980}"));
  const before = whole.indexOf("\n") + 1;
  expect(whole.length - before).toBeGreaterThan(150);
  for (let length = before; length < whole.length; length++) {
    writeFileSync(file(), whole.subarray(0, length));
    expect(readJournal(file())).toMatchObject({ broken: null, torn: length > before, wholeBytes: before });
    written("three");
    expect([length, readJournal(file()).broken, textsIn(file())]).toEqual([length, null, ["one", "three"]]);
  }
});

test("wherever a line before the last is cut, the number of that line is told", () => {
  const whole = readFileSync(written("one", "two", "three"), "utf8");
  const rows = whole.split("\n");
  const second = rows[1] ?? "";
  for (let length = 0; length < second.length; length += 7) {
    writeFileSync(file(), [rows[0], second.slice(0, length), rows[2], ""].join("\n"));
    expect(readJournal(file()).broken).toEqual({ line: 2, why: "line 2 is not readable" });
  }
});

test("a damaged journal is kept aside, and the new one says nothing that does not follow", () => {
  const path = written("one", "two");
  writeFileSync(path, readFileSync(path, "utf8").replace('"text":"one"', '"text":"1"'));
  const journal = new Journal(path);
  journal.open();
  journal.append(say("three"));
  journal.close();
  expect(newsOf(journal)).toEqual([expect.stringMatching(/was damaged \(line 1 .*\) and is kept as .*damaged-/)]);
  expect(textsIn(path)).toEqual([expect.stringMatching(/^the journal was damaged \(line 1 /), "three"]);
  expect(readdirSync(join(folder, "state")).filter((name) => name.includes("damaged"))).toHaveLength(1);
});

/** A disk with so many bytes left; it takes a part of the last write, as a real one does. */
function smallDisk(bytes: number): { readonly write: WriteSome; room: number } {
  const disk = {
    room: bytes,
    write(to: number, data: Uint8Array): number {
      if (disk.room === 0) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      const some = data.subarray(0, disk.room);
      disk.room -= some.length;
      return writeSync(to, some);
    },
  };
  return disk;
}

test("a full disk is told once; with room again the journal goes on, and says how much is missing", () => {
  for (const room of [0, 1, 200, 400]) {
    rmSync(join(folder, "state"), { recursive: true, force: true });
    const disk = smallDisk(room);
    const journal = new Journal(file(), disk.write);
    journal.open();
    for (const [at, text] of ["one", "two", "three"].entries()) journal.append(say(text, at * 1_000));
    expect(journal.trouble).toMatch(/cannot be written: ENOSPC/);
    expect(journal.takeNews()).toHaveLength(1);
    const { missing } = journal;
    expect(missing).toBeGreaterThan(0);
    disk.room = 1_000_000;
    journal.append(say("four", 60_000));
    journal.close();
    expect(journal.trouble).toBeNull();
    expect(newsOf(journal).join()).toContain(`${missing} events before this line are missing`);
    expect(readJournal(file())).toMatchObject({ broken: null, torn: false });
    expect(textsIn(file()).slice(3 - missing)).toEqual([
      `the journal is written again: ${missing} events before this line are missing in it`,
      "four",
    ]);
  }
});

test("a second writer gets a file of its own, and neither breaks the other's chain", () => {
  const first = new Journal(file());
  const second = new Journal(file());
  first.open();
  second.open();
  for (const text of ["a", "b"]) {
    first.append(say(`first ${text}`));
    second.append(say(`second ${text}`));
  }
  first.close();
  second.close();
  expect(newsOf(second).join()).toContain("another process writes");
  expect(textsIn(first.path)).toEqual(["first a", "first b"]);
  expect(textsIn(second.path)).toEqual(["second a", "second b"]);
  expect(written("after")).toBe(first.path);
  expect(textsIn(first.path)).toEqual(["first a", "first b", "after"]);
});

test.each([
  ["a process that is gone", `${hostname()}/4194303/1`, true],
  ["a later process of the same number", `${hostname()}/${process.pid}/1`, true],
  ["a living process", `${hostname()}/1/`, false],
  ["another machine's process, of which nothing is known", "elsewhere/4194303/1", false],
])("the lock of %s", (_whose, holder, isTaken) => {
  written("one");
  symlinkSync(holder, `${file()}.lock`);
  const journal = new Journal(file());
  journal.open();
  journal.close();
  expect(journal.path === file()).toBe(isTaken);
});

test("a journal that is no file is refused", () => {
  written("one");
  rmSync(file());
  symlinkSync("/dev/full", file());
  const journal = new Journal(file());
  journal.open();
  expect(journal.trouble).toContain("is not a file");
});
