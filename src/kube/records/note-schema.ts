import type * as v from "valibot";
import type { Note } from "../../engine/model/notes/note.ts";
import { type NoteKind, noteParams } from "../../engine/model/notes/note-params.ts";
import { kindsWith, reasonSchema } from "./reason-schema.ts";
import { byField, objectOf, only, orNull, type SchemaOf } from "./schema-parts.ts";

const kinds: Readonly<Record<NoteKind, v.GenericSchema>> = {
  ...kindsWith(reasonSchema),
  reason: reasonSchema,
  "reason?": orNull(reasonSchema),
};

/** A line of the log of a code that this build knows, with all of its facts. */
export const noteSchema = byField(
  "code",
  Object.entries(noteParams).map(([code, params]) => {
    const facts = Object.entries(params).map(([name, kind]) => [name, kinds[kind]] as const);
    return objectOf({ code: only(code), params: objectOf(Object.fromEntries(facts)) });
  }),
) as unknown as SchemaOf<Note>;
