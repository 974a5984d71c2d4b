import { selects } from "../../label-selector.ts";
import { type ControlPlane, type Stop, stopAll } from "../control-plane.ts";
import type { Deployment, Pod, ReplicaSet } from "../kinds.ts";
import { indexObjects, type ObjectIndex } from "../object-index.ts";
import { identity, keyOf, splitKey } from "../object-key.ts";
import { controllerOf, ownedBy } from "../owners.ts";
import { isFinished } from "../pod-state.ts";
import { workQueue } from "../queue.ts";
import { newReplicaSet, setReplicas, wanted } from "./deployment-sets.ts";
import { deploymentStatus } from "./deployment-status.ts";
import { rollOut } from "./rolling-update.ts";

/** Turns Deployments into ReplicaSets, and one template into the next. */
export function startDeployments(plane: ControlPlane): Stop {
  const { store } = plane;
  const sets = indexObjects<ReplicaSet>(store, "apps/replicasets", (set) => [
    controllerOf(set)?.uid ?? `none/${set.metadata.namespace}`,
  ]);
  const queue = workQueue(plane, (key) => {
    const deployment = store.get<Deployment>("apps/deployments", ...splitKey(key));
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const recheckMs = syncDeployment(plane, deployment, sets);
    if (recheckMs !== null) queue.add(key, recheckMs);
  });
  return stopAll([
    sets.stop,
    store.subscribe<Deployment>("apps/deployments", ({ type, object }) => {
      if (type !== "DELETED") queue.add(keyOf(object));
    }),
    store.subscribe<ReplicaSet>("apps/replicasets", ({ object }) => {
      const owner = controllerOf(object);
      if (owner?.kind === "Deployment") queue.add(`${object.metadata.namespace}/${owner.name}`);
    }),
    store.subscribe<Pod>("pods", ({ type, object }) => {
      const set = type === "DELETED" ? controllerOf(object)?.name : undefined;
      const above = set && store.get<ReplicaSet>("apps/replicasets", identity(object).namespace, set);
      const owner = above ? controllerOf(above) : undefined;
      if (owner?.kind === "Deployment") queue.add(`${object.metadata.namespace}/${owner.name}`);
    }),
    queue.stop,
  ]);
}

/** Returns after how long it has to be looked at again though nothing changed, or null. */
function syncDeployment(plane: ControlPlane, deployment: Deployment, index: ObjectIndex<ReplicaSet>): number | null {
  const { namespace, uid } = identity(deployment);
  for (const orphan of index.get(`none/${namespace}`)) {
    if (selects(deployment.spec.selector, orphan.metadata.labels)) adopt(plane, orphan, deployment);
  }
  const { fresh, old } = newReplicaSet(plane, deployment, () => index.get(uid));
  if (deployment.spec.paused) scaleAsIs(plane, deployment, index.get(uid));
  else if (fresh) (isRecreate(deployment) ? recreate : rollOut)(plane, deployment, fresh, old);
  dropHistory(plane, deployment, old);
  return deploymentStatus(plane, deployment, fresh?.metadata.name ?? null, index.get(uid));
}

function isRecreate({ spec }: Deployment): boolean {
  return spec.strategy?.type === "Recreate";
}

function adopt({ store }: ControlPlane, { metadata }: ReplicaSet, deployment: Deployment): void {
  store.change<ReplicaSet>("apps/replicasets", metadata.namespace ?? "", metadata.name, (copy) => {
    copy.metadata.ownerReferences = [...(copy.metadata.ownerReferences ?? []), ownedBy(deployment)];
  });
}

/** Waits until no old pod runs before it starts new ones. */
function recreate(plane: ControlPlane, deployment: Deployment, fresh: ReplicaSet, old: readonly ReplicaSet[]): void {
  for (const set of old) setReplicas(plane, deployment, set, 0);
  const left = old.flatMap(({ metadata }) => plane.pods.ownedBy(metadata.uid ?? ""));
  if (left.every(isFinished)) setReplicas(plane, deployment, fresh, wanted(deployment));
}

/** A paused Deployment still follows its replicas, on the set that runs; two running ones are left alone. */
function scaleAsIs(plane: ControlPlane, deployment: Deployment, sets: readonly ReplicaSet[]): void {
  const running = sets.filter(({ spec }) => (spec.replicas ?? 1) > 0);
  if (running.length === 1 && running[0]) setReplicas(plane, deployment, running[0], wanted(deployment));
}

function dropHistory({ store }: ControlPlane, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const idle = old.filter(
    ({ spec, status, metadata }) => spec.replicas === 0 && !status?.replicas && !metadata.deletionTimestamp,
  );
  const revision = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.["deployment.kubernetes.io/revision"]);
  const spare = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const set of [...idle].sort((a, b) => revision(a) - revision(b)).slice(0, Math.max(0, spare))) {
    store.delete("apps/replicasets", set.metadata.namespace ?? "", set.metadata.name);
  }
}
