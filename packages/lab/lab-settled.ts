import type { KubeObject, ResourceName, Store } from "./objects.ts";

interface Progress extends KubeObject {
  spec?: { replicas?: number };
  status?: Record<string, unknown> & { conditions?: readonly { type: string; status: string }[] };
}

/** What the cluster still waits for, one clause each; empty once every node and every workload is ready. */
export function unsettled(store: Store, nodes: number): string[] {
  const ready = store.list<Progress>("nodes").filter(isReady).length;
  return [
    ...(ready === nodes ? [] : [`${ready} of ${nodes} nodes are ready`]),
    ...["apps/deployments", "apps/statefulsets"].flatMap((kind) =>
      late(store, kind, "readyReplicas", ({ spec }) => spec?.replicas ?? 1),
    ),
    // Of one for an architecture that no node has, none: that every node is Ready says that the others were counted.
    ...late(store, "apps/daemonsets", "numberReady", (set) => number(set, "desiredNumberScheduled")),
    ...late(store, "policy/poddisruptionbudgets", "currentHealthy", (budget) => number(budget, "expectedPods")),
  ];
}

function late(store: Store, kind: ResourceName, field: string, wanted: (object: Progress) => number): string[] {
  return store
    .list<Progress>(kind)
    .filter((object) => !isObserved(object) || number(object, field) !== wanted(object))
    .map((object) => wait(object, field, wanted(object)));
}

function isReady({ status }: Progress): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") ?? false;
}

function isObserved({ metadata, status }: Progress): boolean {
  return status?.observedGeneration === (metadata.generation ?? 1);
}

function number({ status }: Progress, field: string): number {
  const value = status?.[field];
  return typeof value === "number" ? value : 0;
}

function wait(object: Progress, field: string, wanted: number): string {
  return `${object.kind} ${object.metadata.namespace}/${object.metadata.name} has ${number(object, field)} of ${wanted}`;
}
