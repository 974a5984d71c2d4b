import type { LeftoverKinds } from "../model/cluster/leftovers.ts";
import type { ObjectRef } from "../model/cluster/object-ref.ts";
import type { ObjectKind } from "../model/cluster/source-object.ts";
import type { CrossfadeError } from "../model/errors.ts";
import type { ClusterFacts, WorkloadFacts } from "../model/facts.ts";
import type { SourceFacts } from "../model/plan-types.ts";
import type { SourceRight } from "../model/ports/source-directory.ts";
import type { Check, Finding } from "../preflight/check.ts";
import type { SourceSteps } from "./source-step.ts";

/** A CNI, or what stands in front of one, as it shows in a cluster's objects (source-cnis.md §2.1). */
export interface Fingerprint {
  readonly id: string;
  /** As people write it: "Flannel". */
  readonly name: string;
  /** Whether a DaemonSet is this CNI's. */
  matches(workload: WorkloadFacts, facts: Pick<ClusterFacts, "nodes">): boolean;
}

/** Where a source lives, as far as its objects follow from it. */
export type SourcePlace = Pick<SourceFacts, "namespace" | "workloads" | "ownsNamespace" | "own">;

/**
 * A CNI that a cluster can be moved away from. This is all that the rest of the engine knows of one: a source is a folder
 * beside this file and a line in the registry. What must restart on the way back are its DaemonSets' pods.
 */
export interface Source extends Fingerprint {
  matches(workload: WorkloadFacts): boolean;
  /** How it is set up, from its DaemonSets, the one that serves most nodes first; throws NO_SOURCE where that cannot be told. */
  read(workloads: readonly [WorkloadFacts, ...WorkloadFacts[]], facts: ClusterFacts): SourceFacts;
  /** What tells of it where it does not run as a DaemonSet; null where nothing does. */
  traces(facts: ClusterFacts): readonly Trace[];
  /** Whether a cluster on it can be moved: what preflight's first check answers. */
  support(source: SourceFacts): Finding;
  /** Further questions of preflight that only this source raises. */
  readonly checks: readonly Check[];
  /** Its own steps where it is set up so: before Cilium is installed, before and after a node, before and after its removal. */
  steps(source: SourceFacts): SourceSteps;
  /** All that its manifest created, in the order in which it may be deleted: nothing that still runs misses what it needs. */
  objects(place: SourcePlace): readonly ObjectRef[];
  /** What it leaves on every node. */
  leftovers(source: SourceFacts): LeftoverKinds;
  /** What its own steps may do to objects where it lives there, beside what the product does and the removal of its `objects`. */
  rights(place: Source["usual"]): readonly SourceRight[];
  /** Where its manifest puts it: for rights that are asked for before the cluster is seen. */
  readonly usual: Omit<SourcePlace, "ownsNamespace">;
  /** ConfigMaps that `read` looks into, as namespace/name. */
  readonly configMaps: readonly string[];
  /** Kinds whose objects `read`, its checks and what is said of policies look into. */
  readonly kinds: readonly ObjectKind[];
  /** Environment variables of its containers that `read` looks into: none that may hold a secret. */
  readonly environment: readonly string[];
  /** Namespaces that it brings along, and may take with it. */
  readonly ownNamespaces: readonly string[];
  /** Annotations by which it writes a node's address once more. */
  readonly addressAnnotations: readonly string[];
}

/** A source that was found, and that no step can move; the one that runs inside something else is named before what is only left. */
export interface Trace {
  readonly kind: "embedded" | "left";
  readonly refusal: CrossfadeError;
}
