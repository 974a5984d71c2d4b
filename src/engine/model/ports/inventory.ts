import type { ClusterFacts } from "../facts.ts";

/** One fresh sweep over all that detection, preflight and planning need, or the cluster's uid alone. Writes nothing. */
export interface Inventory {
  read(signal: AbortSignal): Promise<ClusterFacts>;
  clusterUid(signal: AbortSignal): Promise<string>;
}
