import { type LabelSelector, selects } from "../label-selector.ts";
import type { Store } from "../objects.ts";
import type { Pod } from "./kinds.ts";
import { indexObjects, type ObjectIndex } from "./object-index.ts";
import { controllerOf } from "./owners.ts";

/** All pods, found by what controllers ask for, without walking all of them. */
export interface PodIndex {
  /** By the uid of the controller. */
  ownedBy(uid: string): readonly Pod[];
  /** Those without a controller. */
  orphans(namespace: string): readonly Pod[];
  /** Those that the selector meets, in a namespace. */
  selected(namespace: string, selector: LabelSelector): readonly Pod[];
  readonly stop: () => void;
}

/** One set of indexes for all controllers. */
export function indexPods(store: Store): PodIndex {
  const byOwner = indexObjects<Pod>(store, "pods", (pod) => [
    controllerOf(pod)?.uid ?? `none/${pod.metadata.namespace}`,
  ]);
  const byLabel = indexObjects<Pod>(store, "pods", (pod) => [
    `${pod.metadata.namespace}`,
    ...Object.entries(pod.metadata.labels ?? {}).map(([key, value]) => `${pod.metadata.namespace}/${key}=${value}`),
  ]);
  return {
    ownedBy: (uid) => byOwner.get(uid),
    orphans: (namespace) => byOwner.get(`none/${namespace}`),
    selected: (namespace, selector) =>
      byLabel.get(rarest(byLabel, namespace, selector)).filter((pod) => selects(selector, pod.metadata.labels)),
    stop: () => {
      byOwner.stop();
      byLabel.stop();
    },
  };
}

/** The pair of the selector that the fewest pods have. */
function rarest(index: ObjectIndex<Pod>, namespace: string, { matchLabels = {} }: LabelSelector): string {
  const keys = Object.entries(matchLabels).map(([key, value]) => `${namespace}/${key}=${value}`);
  return keys.reduce((best, key) => (index.count(key) < index.count(best) ? key : best), namespace);
}
