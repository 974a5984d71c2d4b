import type { KubeObject, Store } from "../../objects.ts";
import type { Node, NodeSelectorTerm, Pod } from "../kinds.ts";
import { termFits } from "./node-affinity.ts";

interface Claim extends KubeObject {
  readonly spec?: { readonly volumeName?: string };
}

interface Volume extends KubeObject {
  readonly spec?: {
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: NodeSelectorTerm[] } };
  };
}

function volumesOf(store: Store, { metadata, spec }: Pod): readonly Volume[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
    const name = persistentVolumeClaim?.claimName;
    const claim = name && store.get<Claim>("persistentvolumeclaims", metadata.namespace ?? "", name);
    const volume = claim && store.get<Volume>("persistentvolumes", null, claim.spec?.volumeName ?? "");
    return volume ? [volume] : [];
  });
}

function mayMount({ spec }: Volume, node: Node): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || terms.some((term) => termFits(term, node));
}

/** Why a node cannot have the pod's volumes, in the words of kube-scheduler's VolumeBinding; null where it can. Claims are bound by whoever made them. */
export function volumeRefusal(store: Store, pod: Pod, node: Node): string | null {
  const fits = volumesOf(store, pod).every((volume) => mayMount(volume, node));
  return fits ? null : "node(s) had volume node affinity conflict";
}
