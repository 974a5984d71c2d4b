import type { ObjectRef } from "../cluster/object-ref.ts";
import type { JsonObject } from "../plan-types.ts";

/** Objects of whatever kind, one by one: what the steps of a source look at and change, and what is saved of it. */
export interface Objects {
  /** As it is now; null where it, or its kind, is not there. Asks the API server itself. */
  get(object: ObjectRef): Promise<JsonObject | null>;
  /** All of a kind, in every namespace, by its name or its plural ("ippools"); none where it is not served. */
  all(of: Pick<ObjectRef, "apiVersion"> & { readonly kind: string }): Promise<readonly JsonObject[]>;
  /** A JSON merge patch: with `metadata.resourceVersion` in it, only of what was read. */
  merge(object: ObjectRef, patch: JsonObject): Promise<void>;
}
