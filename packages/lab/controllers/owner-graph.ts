import type { OwnerReference, ResourceName, StoreEvent } from "../objects.ts";

/** Where an object is kept. */
export interface Place {
  readonly resource: ResourceName;
  readonly namespace: string | null;
  readonly name: string;
  readonly uid: string;
}

/** Who owns whom, by uid. */
export interface OwnerGraph {
  /** Call for each change of each object; returns its place. */
  record(resource: ResourceName, event: StoreEvent): Place;
  /** undefined when nothing with that uid is stored. */
  place(uid: string): Place | undefined;
  dependents(uid: string): readonly Place[];
}

interface Entry {
  readonly place: Place;
  readonly owners: readonly OwnerReference[];
}

/** Follows ownerReferences, so that nothing is walked to find an owner's dependents. */
export function ownerGraph(): OwnerGraph {
  const entries = new Map<string, Entry>();
  const dependents = new Map<string, Map<string, Place>>();
  const unlink = (uid: string) => {
    for (const owner of entries.get(uid)?.owners ?? []) {
      const places = dependents.get(owner.uid);
      places?.delete(uid);
      if (!places?.size) dependents.delete(owner.uid);
    }
    entries.delete(uid);
  };
  const link = (place: Place, owners: readonly OwnerReference[]) => {
    entries.set(place.uid, { place, owners });
    for (const { uid } of owners) {
      const places = dependents.get(uid) ?? new Map<string, Place>();
      dependents.set(uid, places.set(place.uid, place));
    }
  };
  return {
    record: (resource, { type, object: { metadata } }) => {
      const { name, namespace = null, uid = "", ownerReferences = [] } = metadata;
      const place = { resource, namespace, name, uid };
      unlink(uid);
      if (type !== "DELETED") link(place, ownerReferences);
      return place;
    },
    place: (uid) => entries.get(uid)?.place,
    dependents: (uid) => [...(dependents.get(uid)?.values() ?? [])],
  };
}
