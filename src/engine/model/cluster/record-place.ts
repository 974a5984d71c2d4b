/** The ConfigMap of a run's record, in our namespace. */
export const recordName = "migration";
/** The annotation of a node's record. */
export const nodeAnnotation = "cni-crossfade/node";

/** Where a record stands; null is the run's own. */
export const recordPlace = (node: string | null): string =>
  node === null ? `ConfigMap crossfade/${recordName}` : `annotation ${nodeAnnotation} of node ${node}`;
