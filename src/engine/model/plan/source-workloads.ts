import type { PodFacts, WorkloadFacts } from "../facts.ts";
import type { SourceFacts } from "../plan-types.ts";

type Source = Pick<SourceFacts, "workloads">;

/** Those that serve nodes. */
export const daemonSetsOf = ({ workloads }: Source) => workloads.filter(({ kind }) => kind === "DaemonSet");

/** Its DaemonSets as namespace/name. */
export const daemonSetNames = (source: Source): readonly string[] =>
  daemonSetsOf(source).map(({ namespace, name }) => `${namespace}/${name}`);

/** Whether a workload is one of the source's. */
export const isOfSource = (
  { workloads }: Source,
  { kind, namespace, name }: Pick<WorkloadFacts, "kind" | "namespace" | "name">,
): boolean => workloads.some((own) => own.kind === kind && own.namespace === namespace && own.name === name);

/** Whether one of the source's DaemonSets runs the pod. */
export const isPodOfSource = (source: Source, { namespace, owner }: Pick<PodFacts, "namespace" | "owner">): boolean =>
  owner?.kind === "DaemonSet" && isOfSource(source, { kind: "DaemonSet", namespace, name: owner.name });
