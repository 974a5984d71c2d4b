import type { ContainerContext } from "../../program.ts";
import type { ConfigMapObject, ContainerSpec, PodObject } from "../kinds.ts";

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string; readonly key: string } };
}

/** Where a program runs. */
export type Place = Pick<ContainerContext, "pod" | "container" | "store">;

/** What a container of the pod is told by its environment; ConfigMaps are read as they are now. */
export function variable(place: Place, name: string): string | undefined {
  const found = variablesOf(place).find((each) => each.name === name);
  const ref = found?.valueFrom?.configMapKeyRef;
  if (!ref) return found?.value;
  const namespace = place.pod.metadata.namespace ?? "kube-system";
  return place.store.get<ConfigMapObject>("configmaps", namespace, ref.name)?.data?.[ref.key];
}

function variablesOf({ pod, container }: Place): readonly Variable[] {
  const { spec } = pod as PodObject & { spec: { initContainers?: ContainerSpec[] } };
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  return (all.find(({ name }) => name === container)?.env ?? []) as readonly Variable[];
}
