import type { NoteCode, NoteParamsOf } from "../../engine/model/notes/note.ts";
import type { Audience } from "../audience.ts";
import type { Say } from "../said.ts";

/** How a line of the log is said, and for whom; `say` says a reason within it. */
type NoteSayer<C extends NoteCode> = (params: NoteParamsOf[C], audience: Audience, say: Say) => string;

export type NoteSayersOf<C extends NoteCode> = { readonly [K in C]: NoteSayer<K> };
