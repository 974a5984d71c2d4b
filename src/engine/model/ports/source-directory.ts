import type { ObjectRef } from "../cluster/object-ref.ts";
import type { WorkloadFacts } from "../facts.ts";

/** What an adapter must know of the sources before it is known which of them a cluster has. */
export interface SourceDirectory {
  /** ConfigMaps that detection reads, as namespace/name. */
  readonly configMaps: readonly string[];
  /** Namespaces that a source brings along, and may take with it. */
  readonly namespaces: readonly string[];
  /** API groups of which every resource is listed. */
  readonly apiGroups: readonly string[];
  /** API group → plurals of its kinds that restrict traffic. */
  readonly policies: Readonly<Record<string, readonly string[]>>;
  /** What the removal of the source among these workloads needs; of the first that is known where none is seen. */
  rights(workloads: readonly WorkloadFacts[]): SourceRights;
}

/** What has to be allowed so that a source can be removed. */
export interface SourceRights {
  readonly namespace: string;
  /** All that is in its namespace is listed before that goes too. */
  readonly mayOwnNamespace: boolean;
  readonly objects: readonly ObjectRef[];
}
