import type { KubeObject } from "../../objects.ts";
import type { Pod, PodTemplate } from "../kinds.ts";
import { ownedBy } from "../owners.ts";

/** A pod as its controller makes it: a name of its own or a generated one, the template's labels, annotations and spec. */
export function workloadPod(owner: KubeObject, template: PodTemplate, name?: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const generateName = `${owner.metadata.name}-`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...(name ? { name } : { name: "", generateName }),
      ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
      labels: { ...labels },
      ...(annotations ? { annotations: { ...annotations } } : {}),
      ...(finalizers ? { finalizers: [...finalizers] } : {}),
      ownerReferences: [ownedBy(owner)],
    },
    spec: structuredClone(template.spec),
  };
}
