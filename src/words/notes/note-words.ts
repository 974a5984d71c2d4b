import type { Note, NoteCode } from "../../engine/model/notes/note.ts";
import type { Audience } from "../audience.ts";
import { explain } from "../explain.ts";
import { cleanUpNotes } from "./clean-up-notes.ts";
import { foundWords } from "./found-words.ts";
import { hostNotes } from "./host-notes.ts";
import { nodeNotes } from "./node-notes.ts";
import type { NoteSayersOf } from "./note-sayers.ts";
import { runNotes } from "./run-notes.ts";

const sayers: NoteSayersOf<NoteCode> = { ...runNotes, ...foundWords, ...nodeNotes, ...hostNotes, ...cleanUpNotes };

/** A line of the log in words. Total: every code has a sentence for each audience. */
export function noteWords<C extends NoteCode>(note: Note<C>, audience: Audience): string {
  const { code, params } = note as { code: C; params: Note<C>["params"] };
  return sayers[code](params as never, audience, explain);
}
