import type { ObjectRef } from "../cluster/object-ref.ts";
import type { ObjectKind } from "../cluster/source-object.ts";
import type { WorkloadFacts } from "../facts.ts";

/** What an adapter must know of the sources before it is known which of them a cluster has. */
export interface SourceDirectory {
  /** ConfigMaps that detection reads, as namespace/name. */
  readonly configMaps: readonly string[];
  /** Namespaces that a source brings along, and may take with it. */
  readonly namespaces: readonly string[];
  /** API groups of which every resource is listed. */
  readonly apiGroups: readonly string[];
  /** Kinds whose objects are read in full, where they are served. */
  readonly kinds: readonly ObjectKind[];
  /** Names of environment variables that may be read: others could hold secrets. */
  readonly environment: readonly string[];
  /** API group → plurals of its kinds that restrict traffic. */
  readonly policies: Readonly<Record<string, readonly string[]>>;
  /** What the source among these workloads needs; every one that is known where none is seen. */
  rights(workloads: readonly WorkloadFacts[]): SourceRights;
}

/** Some verbs on objects by their names, or on all of a kind, in the whole cluster. */
export interface SourceRight {
  readonly group: string;
  /** Plural: "configmaps". */
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly names?: readonly string[];
  /** Where it is needed for the removal alone. */
  readonly stage?: "finalize";
}

/** What has to be allowed so that a source can be left and removed. */
export interface SourceRights {
  /** Namespaces that may go with it: all that is in them is listed before. */
  readonly ownNamespaces: readonly string[];
  readonly objects: readonly ObjectRef[];
  /** Kinds whose objects are listed. */
  readonly kinds: readonly ObjectKind[];
  /** What its own steps do besides. */
  readonly ofSteps: readonly SourceRight[];
}
