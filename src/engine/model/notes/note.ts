import type { Reason, ValueOf } from "../reason.ts";
import type { NoteKind, noteParams } from "./note-params.ts";

interface NoteValueOf extends ValueOf {
  readonly reason: Reason;
  readonly "reason?": Reason | null;
}

type Kinds = typeof noteParams;

/** What a line of the log tells: stable, in the journal and in `--json`. */
export type NoteCode = keyof Kinds;

export type NoteParamsOf = {
  readonly [C in NoteCode]: { readonly [P in keyof Kinds[C]]: NoteValueOf[Kinds[C][P] & NoteKind] };
};

/** A line of the log as data: `src/words` says it to a person. */
export type Note<C extends NoteCode = NoteCode> = {
  readonly [K in C]: { readonly code: K; readonly params: NoteParamsOf[K] };
}[C];

export const note = <C extends NoteCode>(code: C, params: NoteParamsOf[C]): Note => ({ code, params }) as Note;
