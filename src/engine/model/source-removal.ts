import type { LeftoverKinds } from "./cluster/leftovers.ts";
import type { ObjectRef } from "./cluster/object-ref.ts";

/**
 * What of a source is taken away at the end. The source derives it from the plan's facts each time: it is never recorded,
 * so that nobody who may write the record can name an object or a file of his own.
 */
export interface SourceRemoval {
  /** In the order in which they may be deleted. */
  readonly objects: readonly ObjectRef[];
  readonly leftovers: LeftoverKinds;
}
