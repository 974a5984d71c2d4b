import type { KubeObject, ResourceName, StoreEvent } from "../objects.ts";
import type { ApiStore } from "../store/api-store.ts";
import type { Resource } from "../store/resource.ts";
import { type Stop, stopAll } from "./control-plane.ts";

/** Events are many, own nothing and nobody; events.k8s.io shows the same ones again. */
const skipped: ReadonlySet<ResourceName> = new Set(["events", "events.k8s.io/events"]);

/** What can be stored and therefore owned, those of established CRDs included. */
export function storedResources(store: ApiStore): readonly Resource[] {
  return store.resources().filter(({ name, stored }) => stored && !skipped.has(name));
}

/** Follows the objects of all resources, those that a CRD adds later too. */
export function watchEveryObject(
  store: ApiStore,
  handler: (resource: ResourceName, event: StoreEvent<KubeObject>) => void,
): Stop {
  const stops = new Map<ResourceName, Stop>();
  const follow = () => {
    for (const { name } of storedResources(store)) {
      if (stops.has(name)) continue;
      stops.set(name, () => undefined);
      stops.set(
        name,
        store.subscribe(name, (event) => handler(name, event)),
      );
    }
  };
  follow();
  const stopCrds = store.subscribe("apiextensions.k8s.io/customresourcedefinitions", follow);
  return () => {
    stopCrds();
    stopAll([...stops.values()])();
  };
}
