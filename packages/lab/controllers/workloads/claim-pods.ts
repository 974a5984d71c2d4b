import { type LabelSelector, selects } from "../../label-selector.ts";
import type { KubeObject } from "../../objects.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Pod } from "../kinds.ts";
import { controllerOf, ownedBy } from "../owners.ts";
import { isActive } from "../pod-state.ts";

/** The pods of a workload: adopts matching ones that nobody owns, lets go of its own that no longer match. */
export function claimPods(plane: ControlPlane, owner: KubeObject, selector: LabelSelector): readonly Pod[] {
  const { metadata } = owner;
  if (!metadata.deletionTimestamp) {
    for (const pod of plane.pods.orphans(metadata.namespace ?? "")) {
      if (selects(selector, pod.metadata.labels) && isActive(pod)) adopt(plane, pod, owner);
    }
  }
  const own = plane.pods.ownedBy(metadata.uid ?? "");
  const strays = own.filter((pod) => !selects(selector, pod.metadata.labels));
  for (const pod of strays) release(plane, pod);
  return strays.length ? own.filter((pod) => !strays.includes(pod)) : plane.pods.ownedBy(metadata.uid ?? "");
}

function adopt({ store }: ControlPlane, { metadata }: Pod, owner: KubeObject): void {
  store.change<Pod>("pods", metadata.namespace ?? "", metadata.name, (copy) => {
    copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownedBy(owner)];
  });
}

function release({ store }: ControlPlane, pod: Pod): void {
  const uid = controllerOf(pod)?.uid;
  store.change<Pod>("pods", pod.metadata.namespace ?? "", pod.metadata.name, (copy) => {
    copy.metadata.ownerReferences = (copy.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  });
}
