import type { KubeObject, Store } from "../../objects.ts";
import type { ConfigMapObject, PodObject } from "../kinds.ts";

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string; readonly key: string } };
}

/** What a container of the pod is told by its environment; ConfigMaps are read as they are now. */
export function variable(
  { pod, container, store }: { readonly pod: KubeObject; readonly container: string; readonly store: Store },
  name: string,
): string | undefined {
  const { metadata, spec } = pod as PodObject;
  const all = [
    ...spec.containers,
    ...((spec as { initContainers?: PodObject["spec"]["containers"] }).initContainers ?? []),
  ];
  const found = all.find((each) => each.name === container)?.env?.find((each) => each.name === name) as
    | Variable
    | undefined;
  const ref = found?.valueFrom?.configMapKeyRef;
  if (!ref) return found?.value;
  return store.get<ConfigMapObject>("configmaps", metadata.namespace ?? "kube-system", ref.name)?.data?.[ref.key];
}
