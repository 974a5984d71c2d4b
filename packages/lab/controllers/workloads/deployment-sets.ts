import { ApiError } from "../../store/api-error.ts";
import type { ControlPlane } from "../control-plane.ts";
import type { Deployment, PodTemplate, ReplicaSet } from "../kinds.ts";
import { ownedBy } from "../owners.ts";
import { scaledValue } from "./int-or-percent.ts";
import { canonical, templateHash } from "./template-hash.ts";

const hashLabel = "pod-template-hash";
const revisionKey = "deployment.kubernetes.io/revision";
const manager = "deployment-controller";

/** How many pods the Deployment wants in all. */
export function wanted({ spec }: Deployment): number {
  return spec.replicas ?? 1;
}

/** How far above and below the wanted number an update may go; never both 0, as upstream resolves it. */
export function leeway(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const { maxSurge = "25%", maxUnavailable = "25%" } = deployment.spec.strategy?.rollingUpdate ?? {};
  if (deployment.spec.strategy?.type === "Recreate") return { surge: 0, unavailable: 0 };
  const surge = scaledValue(maxSurge, wanted(deployment), "up");
  const unavailable = scaledValue(maxUnavailable, wanted(deployment), "down");
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, wanted(deployment)) };
}

/** The set of the Deployment's own template, made when it is missing (not while paused), and all the others. */
export function newReplicaSet(
  plane: ControlPlane,
  deployment: Deployment,
  sets: () => readonly ReplicaSet[],
): { readonly fresh: ReplicaSet | undefined; readonly old: readonly ReplicaSet[] } {
  const own = canonical(bare(deployment.spec.template));
  const isOwn = ({ spec }: ReplicaSet) => canonical(bare(spec.template)) === own;
  let fresh = sets().find(isOwn);
  if (!fresh && !deployment.spec.paused) fresh = makeSet(plane, deployment, sets());
  const old = sets().filter(({ metadata }) => metadata.uid !== fresh?.metadata.uid);
  if (fresh) fresh = markRevision(plane, deployment, fresh, old);
  return { fresh, old };
}

/** Writes the wanted number, with the annotations by which `kubectl rollout` knows a set's part. */
export function setReplicas({ store }: ControlPlane, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const { namespace = "", name } = set.metadata;
  const edit = (copy: ReplicaSet) => {
    copy.spec.replicas = replicas;
    copy.metadata.annotations = { ...copy.metadata.annotations, ...sizes(deployment) };
  };
  store.change<ReplicaSet>("apps/replicasets", namespace, name, edit, { manager });
}

function sizes(deployment: Deployment): Record<string, string> {
  return {
    "deployment.kubernetes.io/desired-replicas": String(wanted(deployment)),
    "deployment.kubernetes.io/max-replicas": String(wanted(deployment) + leeway(deployment).surge),
  };
}

function bare(template: PodTemplate): unknown {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const { annotations = {} } = template.metadata ?? {};
  return { labels, annotations, spec: template.spec };
}

function makeSet(plane: ControlPlane, deployment: Deployment, others: readonly ReplicaSet[]): ReplicaSet | undefined {
  const { spec, metadata, status } = deployment;
  const hash = templateHash(spec.template, status?.collisionCount ?? 0);
  const template = structuredClone(spec.template);
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } };
  const set: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      namespace: metadata.namespace ?? "",
      labels: { ...template.metadata.labels },
      annotations: {
        ...keptAnnotations(deployment),
        ...sizes(deployment),
        [revisionKey]: String(lastRevision(others) + 1),
      },
      ownerReferences: [ownedBy(deployment)],
    },
    spec: {
      replicas: 0,
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template,
    },
  };
  try {
    return plane.store.create<ReplicaSet>("apps/replicasets", set, { manager });
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") throw error;
    bumpCollisions(plane, deployment);
    return undefined;
  }
}

/** The status write wakes the Deployment again, and the next hash differs. */
function bumpCollisions({ store }: ControlPlane, { metadata }: Deployment): void {
  const edit = (copy: Deployment) => {
    copy.status = { ...copy.status, collisionCount: (copy.status?.collisionCount ?? 0) + 1 };
  };
  store.change<Deployment>("apps/deployments", metadata.namespace ?? "", metadata.name, edit, {
    manager,
    subresource: "status",
  });
}

function lastRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(({ metadata }) => Number(metadata.annotations?.[revisionKey] ?? 0)));
}

/** A rolled-back template makes an old set the newest again, so its revision rises. */
function markRevision(
  { store }: ControlPlane,
  deployment: Deployment,
  fresh: ReplicaSet,
  old: readonly ReplicaSet[],
): ReplicaSet {
  const { namespace = "", name, annotations } = fresh.metadata;
  const revision = String(Math.max(lastRevision(old) + 1, Number(annotations?.[revisionKey] ?? 0)));
  const note = (copy: Deployment) => {
    copy.metadata.annotations = { ...copy.metadata.annotations, [revisionKey]: revision };
  };
  if (deployment.metadata.annotations?.[revisionKey] !== revision) {
    store.change<Deployment>("apps/deployments", namespace, deployment.metadata.name, note, { manager });
  }
  if (annotations?.[revisionKey] === revision) return fresh;
  const mark = (copy: ReplicaSet) => {
    copy.metadata.annotations = {
      ...copy.metadata.annotations,
      ...keptAnnotations(deployment),
      [revisionKey]: revision,
    };
  };
  return store.change<ReplicaSet>("apps/replicasets", namespace, name, mark, { manager }) ?? fresh;
}

/** A set carries its Deployment's annotations, but for kubectl's own record and the controller's. */
function keptAnnotations({ metadata }: Deployment): Record<string, string> {
  const skipped = (key: string) =>
    key === "kubectl.kubernetes.io/last-applied-configuration" || key.startsWith("deployment.kubernetes.io/");
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !skipped(key)));
}
