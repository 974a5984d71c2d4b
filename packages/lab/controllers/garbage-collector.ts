import type { KubeObject, OwnerReference, ResourceName, Store, StoreEvent } from "../objects.ts";
import type { ApiStore } from "../store/api-store.ts";
import { type ControlPlane, type Stop, stopAll } from "./control-plane.ts";
import { watchEveryObject } from "./every-object.ts";
import { type OwnerGraph, ownerGraph, type Place } from "./owner-graph.ts";
import { type WorkQueue, workQueue } from "./queue.ts";

/** Lab milliseconds from a deletion to that of its dependents. */
const latencyMs = [5, 60] as const;
/** An owner that is not there may be about to be seen. */
const absentOwnerMs = 1_000;
const foreground = "foregroundDeletion";
const orphan = "orphan";
const manager = "generic-garbage-collector";

interface Collector {
  readonly store: Store;
  readonly graph: OwnerGraph;
  readonly queue: WorkQueue;
}

/** Deletes what lost its owners, and carries out foreground and orphan deletion. */
export function startGarbageCollector(plane: ControlPlane, store: ApiStore): Stop {
  const graph = ownerGraph();
  const queue: WorkQueue = workQueue({ ...plane, latencyMs }, (uid) => {
    const place = graph.place(uid);
    const object = place && store.get(place.resource, place.namespace, place.name);
    if (!place || object?.metadata.uid !== uid) return;
    if (object.metadata.deletionTimestamp) finish(collector, place, object);
    else collect(collector, place, object);
  });
  const collector = { store, graph, queue };
  return stopAll([watchEveryObject(store, (resource, event) => react(collector, resource, event)), queue.stop]);
}

function react({ graph, queue }: Collector, resource: ResourceName, event: StoreEvent): void {
  const { uid } = graph.record(resource, event);
  const { ownerReferences = [], deletionTimestamp } = event.object.metadata;
  if (event.type === "DELETED") {
    for (const dependent of graph.dependents(uid)) queue.add(dependent.uid);
    for (const owner of ownerReferences) queue.add(owner.uid);
  } else if (deletionTimestamp) {
    queue.add(uid);
  } else if (ownerReferences.some((owner) => !graph.place(owner.uid))) {
    queue.add(uid, absentOwnerMs);
  }
}

/** Deletes an object whose owners are gone or wait for it to go; beside another owner it only loses those references. */
function collect({ store, graph }: Collector, place: Place, { metadata }: KubeObject): void {
  const owners = metadata.ownerReferences ?? [];
  const isWaiting = owners.some((owner) => waits(store, graph.place(owner.uid)));
  const kept = owners.filter(({ uid }) => graph.place(uid) && !waits(store, graph.place(uid)));
  if (kept.length === owners.length) return;
  if (kept.length) {
    replaceOwners(store, place, kept);
    return;
  }
  const propagation = isWaiting && graph.dependents(place.uid).length ? "Foreground" : "Background";
  store.delete(place.resource, place.namespace, place.name, { uid: place.uid, propagation });
}

/** Whether an owner is being deleted in the foreground, after its dependents. */
function waits(store: Store, owner: Place | undefined): boolean {
  const metadata = owner && store.get(owner.resource, owner.namespace, owner.name)?.metadata;
  return Boolean(metadata?.deletionTimestamp && metadata.finalizers?.includes(foreground));
}

function replaceOwners(store: Store, { resource, namespace, name }: Place, owners: readonly OwnerReference[]): void {
  const edit = (copy: KubeObject) => {
    copy.metadata.ownerReferences = owners.map((owner) => ({ ...owner }));
    if (!owners.length) delete copy.metadata.ownerReferences;
  };
  store.change(resource, namespace, name, edit, { manager });
}

/** Takes the collector's finalizer from an object that was told to go, once what it stands for is done. */
function finish({ store, graph, queue }: Collector, place: Place, { metadata }: KubeObject): void {
  const dependents = graph.dependents(place.uid);
  if (metadata.finalizers?.includes(orphan)) {
    for (const dependent of dependents) disown(store, dependent, place.uid);
    dropFinalizer(store, place, orphan);
  } else if (metadata.finalizers?.includes(foreground)) {
    const blocking = dependents.filter((dependent) => blocks(store, dependent, place.uid));
    for (const { uid } of blocking) queue.add(uid);
    if (!blocking.length) dropFinalizer(store, place, foreground);
  }
}

function blocks(store: Store, { resource, namespace, name }: Place, owner: string): boolean {
  const references = store.get(resource, namespace, name)?.metadata.ownerReferences ?? [];
  return references.some(({ uid, blockOwnerDeletion }) => uid === owner && blockOwnerDeletion === true);
}

function disown(store: Store, place: Place, owner: string): void {
  const references = store.get(place.resource, place.namespace, place.name)?.metadata.ownerReferences ?? [];
  replaceOwners(
    store,
    place,
    references.filter(({ uid }) => uid !== owner),
  );
}

function dropFinalizer(store: Store, { resource, namespace, name }: Place, finalizer: string): void {
  const edit = (copy: KubeObject) => {
    copy.metadata.finalizers = (copy.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  };
  store.change(resource, namespace, name, edit, { manager });
}
