import type { ObjectRef } from "../cluster/object-ref.ts";
import type { JsonObject } from "../plan-types.ts";

/** What became of an object that was applied: as it is then, or would be; or why the API server did not take it, in its own words. */
export type ApplyAnswer =
  | { readonly did: "applied"; readonly object: JsonObject }
  | { readonly did: "refused"; readonly said: string };

/** Objects of whatever kind, one by one: what the steps of a source look at and change, and what is saved of it. */
export interface Objects {
  /** As it is now; null where it, or its kind, is not there. Asks the API server itself. */
  get(object: ObjectRef): Promise<JsonObject | null>;
  /** All of a kind, in every namespace, by its name or its plural ("ippools"); none where it is not served. */
  all(of: Pick<ObjectRef, "apiVersion"> & { readonly kind: string }): Promise<readonly JsonObject[]>;
  /** A JSON merge patch: with `metadata.resourceVersion` in it, only of what was read. */
  merge(object: ObjectRef, patch: JsonObject): Promise<void>;
  /** Server-side apply of what we own in an object, never by force; `dryRun` is all of it but the write. */
  apply(object: JsonObject, how: { readonly dryRun: boolean }): Promise<ApplyAnswer>;
  /** Only the one that was looked at, by its uid; an absent object is no error, another of its name is left alone. */
  remove(object: ObjectRef, uid: string): Promise<void>;
}
