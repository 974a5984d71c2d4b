import type { EngineEvent } from "../../src/engine/model/events.ts";
import { type Note, note } from "../../src/engine/model/notes/note.ts";
import { lines } from "../../src/words/audience.ts";
import { noteWords } from "../../src/words/notes/note-words.ts";

/** A line of the log as it is read where no key can be pressed. */
export const textOf = (line: { readonly note: Note }): string => noteWords(line.note, lines);

type LogEvent = Extract<EngineEvent, { readonly type: "log" }>;

/** A line of the log that is a sentence. */
export const logEvent = (text: string, over: Partial<LogEvent> = {}): LogEvent => ({
  type: "log",
  at: 1,
  level: "info",
  node: null,
  note: note("plain", { text }),
  ...over,
});
