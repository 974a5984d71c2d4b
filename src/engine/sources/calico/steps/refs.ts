import type { ObjectRef } from "../../../model/cluster/object-ref.ts";
import type { SourceFacts } from "../../../model/plan-types.ts";
import type { SourceRemoval } from "../../../model/source-removal.ts";

/** The DaemonSet of calico-node. */
export function daemonSetOf({ workloads, namespace }: Pick<SourceFacts, "workloads" | "namespace">): ObjectRef {
  const { namespace: where, name } = workloads[0] ?? { namespace, name: "calico-node" };
  return { apiVersion: "apps/v1", kind: "DaemonSet", namespace: where, name };
}

/** What the operator makes Calico's objects from. */
export const installation: ObjectRef = {
  apiVersion: "operator.tigera.io/v1",
  kind: "Installation",
  namespace: null,
  name: "default",
};

/** Deployments that would write again what is removed, or hold it by finalizers, those that exist here. */
export function ownersOf({ objects }: Pick<SourceRemoval, "objects">, names: readonly string[]): readonly ObjectRef[] {
  return names.flatMap((name) => objects.filter((object) => object.kind === "Deployment" && object.name === name));
}

export const nameOf = ({ kind, namespace, name }: ObjectRef): string =>
  namespace === null ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
