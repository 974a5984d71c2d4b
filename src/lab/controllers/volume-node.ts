import type { KubeObject, Store } from "../objects.ts";
import type { Node, NodeSelectorTerm, Pod } from "./kinds.ts";
import { termFits } from "./node-affinity.ts";

interface Claim extends KubeObject {
  readonly spec?: { readonly volumeName?: string };
}

interface Volume extends KubeObject {
  readonly spec?: {
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: NodeSelectorTerm[] } };
  };
}

/** Why a node cannot have the pod's volumes, in the words of kube-scheduler's VolumeBinding; null where it can. Claims are bound by whoever made them. */
export function volumeRefusal(store: Store, pod: Pod, node: Node): string | null {
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const claim = store.get<Claim>(
      "persistentvolumeclaims",
      pod.metadata.namespace ?? "",
      persistentVolumeClaim.claimName,
    );
    const volume = store.get<Volume>("persistentvolumes", null, claim?.spec?.volumeName ?? "");
    const terms = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms;
    if (terms && !terms.some((term) => termFits(term, node))) return "node(s) had volume node affinity conflict";
  }
  return null;
}
