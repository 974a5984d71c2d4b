import type { JsonObject } from "../plan-types.ts";

/** Objects by the name of the file that they belong into; each file can be applied again as a whole. */
export type ArchivedFiles = Readonly<Record<string, readonly JsonObject[]>>;

/** Where the objects are, or why they could not be kept there. */
export type Kept = { readonly folder: string; readonly why: string | null };

/** What is kept on this machine, beside the journal, of what a run deletes for good. */
export interface Archive {
  /** A person wants nothing to be kept, and the run to go on. */
  readonly isUnwanted: boolean;
  /** Writes these for the run with this plan, and reads them back; what was written of it before is written anew. */
  keep(planHash: string, files: ArchivedFiles): Kept;
}
