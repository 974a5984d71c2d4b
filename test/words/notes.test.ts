import { expect, test } from "vitest";
import type { Note, NoteCode } from "../../src/engine/model/notes/note.ts";
import { type NoteKind, noteParams } from "../../src/engine/model/notes/note-params.ts";
import { reason } from "../../src/engine/model/reason.ts";
import { noteSchema } from "../../src/kube/records/note-schema.ts";
import { wrongIn } from "../../src/kube/records/schema-parts.ts";
import { lines, panel } from "../../src/words/audience.ts";
import { noteWords } from "../../src/words/notes/note-words.ts";
import { namesKey } from "../support/names-key.ts";
import { emptyOf, sampleOf, tracesOf } from "./sample-reasons.ts";

const codes = Object.keys(noteParams) as readonly NoteCode[];
const kindsOf = (code: NoteCode) => Object.entries(noteParams[code]) as readonly (readonly [string, NoteKind])[];

const waits = reason("container-not-restarted", { node: "<waits>" });
const isReason = (kind: NoteKind): kind is "reason" | "reason?" => kind === "reason" || kind === "reason?";

const made = (code: NoteCode, value: (kind: NoteKind, name: string) => unknown): Note =>
  ({ code, params: Object.fromEntries(kindsOf(code).map(([name, kind]) => [name, value(kind, name)])) }) as never;

const whole = (code: NoteCode): Note => made(code, (kind, name) => (isReason(kind) ? waits : sampleOf[kind](name)));

const bare = (code: NoteCode): Note =>
  made(code, (kind, name) => (kind === "reason" ? waits : kind === "reason?" ? null : emptyOf(kind, name)));

/** 4,711 ms are told as seconds. */
const traces = (code: NoteCode): readonly string[] =>
  kindsOf(code).flatMap(([name, kind]) =>
    isReason(kind) ? ["<waits>"] : name === "heardAgoMs" ? ["5s"] : tracesOf[kind](name),
  );

test.each(codes)("%s keeps every fact, for every audience", (code) => {
  for (const audience of [panel, lines]) {
    const said = noteWords(whole(code), audience);
    for (const trace of traces(code)) expect(said).toContain(trace);
    expect(said).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
  }
  expect(noteWords(whole(code), lines)).not.toMatch(namesKey);
});

test.each(codes)("%s is a sentence where nothing more is known", (code) => {
  for (const audience of [panel, lines])
    expect(noteWords(bare(code), audience)).not.toMatch(/undefined|null|NaN|\[object|\(\)/);
});

test.each(codes)("%s is of the shape that news must have", (code) => {
  expect(wrongIn(noteSchema, JSON.parse(JSON.stringify(whole(code))), "note")).toBeNull();
});
