import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { EngineEvent } from "../../src/engine/events.ts";
import { Journal, readJournal } from "../../src/journal/journal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "crossfade-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, "state", "run.jsonl");
const say = (text: string): EngineEvent => ({ type: "log", at: 1, level: "info", node: null, text });

function written(...texts: readonly string[]): string {
  const journal = new Journal(file());
  journal.open();
  for (const text of texts) journal.append(say(text));
  journal.close();
  return file();
}

const textsIn = (path: string) =>
  readJournal(path).lines.map(({ event }) => (event.type === "log" ? event.text : event.type));

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
  expect(readJournal(path).broken).toBe("line 2 does not follow from the line before it");
});

test("a line that was taken out is found", () => {
  const path = written("one", "two", "three");
  const rows = readFileSync(path, "utf8").split("\n");
  writeFileSync(path, [rows[0], rows[2], ""].join("\n"));
  expect(readJournal(path).broken).toBe("line 2 does not follow from the line before it");
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
