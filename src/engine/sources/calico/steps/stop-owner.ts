import type { ObjectRef } from "../../../model/cluster/object-ref.ts";
import { done, type Observation, waitingFor } from "../../../model/observation.ts";
import type { JsonObject, SourceFacts } from "../../../model/plan-types.ts";
import type { Ports } from "../../../model/ports/ports.ts";
import { reason } from "../../../model/reason.ts";
import type { RunScope } from "../../../model/step.ts";
import type { SourceRollbackRunStep, SourceRunStep, StepChange } from "../../source-step.ts";
import { listAt, numberAt, part, textAt } from "./json.ts";
import { nameOf, ownersOf } from "./refs.ts";

/** On a Deployment of ours to start again: its replicas before. */
const stoppedMark = "crossfade/stopped";

/** The operator, which would make the rest anew, then the controller that would put its finalizers back. */
const deployments = ["tigera-operator", "calico-kube-controllers"] as const;

/** Of the operator's kinds, each with one object: only the operator would let their deletion end. */
const finalized: readonly ObjectRef[] = ["Installation", "APIServer", "Whisker", "Goldmane", "GatewayAPI", "Istio"].map(
  (kind) => ({ apiVersion: "operator.tigera.io/v1", kind, namespace: null, name: "default" }),
);

const isOwn = (finalizer: unknown): finalizer is string =>
  typeof finalizer === "string" && /^((operator\.)?tigera\.io|(crd\.|policy\.)?projectcalico\.org)\//.test(finalizer);

const awaited = (object: ObjectRef, field: string, value: string | null): Observation =>
  waitingFor(reason("source-object", { object: nameOf(object), field, value }, { object }));

const replicasBefore = (object: JsonObject): number | null => {
  const mark = textAt(object, "metadata", "annotations", stoppedMark);
  return /^\d+$/.test(mark) ? Number(mark) : null;
};

const replicasOf = (object: JsonObject): number => {
  const set = part(object, "spec", "replicas");
  return typeof set === "number" ? set : 1;
};

async function isStopped(ports: Ports, deployment: ObjectRef): Promise<Observation> {
  const object = await ports.objects.get(deployment);
  if (object === null) return done;
  if (replicasBefore(object) === null || replicasOf(object) !== 0) return awaited(deployment, "spec.replicas", "0");
  const pods = (await ports.pods.list()).filter(
    ({ namespace, owner }) =>
      namespace === deployment.namespace && owner?.kind === "ReplicaSet" && isSetOf(owner.name, deployment),
  );
  const isIdle = numberAt(object, "status", "replicas") === 0 && pods.length === 0;
  return isIdle ? done : awaited(deployment, "status.replicas", "0");
}

/** Its ReplicaSets bear its name and a hash. */
const isSetOf = (name: string, deployment: ObjectRef) => name.replace(/-[a-z0-9]+$/, "") === deployment.name;

async function stop({ objects }: Ports, deployment: ObjectRef): Promise<void> {
  const object = await objects.get(deployment);
  if (object === null) return;
  const mark = replicasBefore(object) === null ? { [stoppedMark]: String(replicasOf(object)) } : {};
  await objects.merge(deployment, { metadata: { annotations: mark }, spec: { replicas: 0 } });
}

async function isStarted({ objects }: Ports, deployment: ObjectRef): Promise<Observation> {
  const object = await objects.get(deployment);
  if (object === null || replicasBefore(object) === null) return done;
  return awaited(deployment, `annotation ${stoppedMark}`, null);
}

async function start({ objects }: Ports, deployment: ObjectRef): Promise<void> {
  const object = await objects.get(deployment);
  const before = object && replicasBefore(object);
  if (object === null || before === null) return;
  // What another has changed meanwhile is his.
  const back = replicasOf(object) === 0 ? { spec: { replicas: before } } : {};
  await objects.merge(deployment, { metadata: { annotations: { [stoppedMark]: null } }, ...back });
}

const refOf = (object: JsonObject): ObjectRef => ({
  apiVersion: textAt(object, "apiVersion"),
  kind: textAt(object, "kind"),
  namespace: textAt(object, "metadata", "namespace") || null,
  name: textAt(object, "metadata", "name"),
});

/** What goes later and holds a finalizer that nobody is left to take away. */
async function held({ ports, removal }: RunScope): Promise<readonly JsonObject[]> {
  const { objects } = ports;
  const kinds = ["projectcalico.org/v3", "crd.projectcalico.org/v1"].flatMap((apiVersion) =>
    ["IPPool", "Tier"].map((kind) => ({ apiVersion, kind })),
  );
  const accounts = removal.objects.filter(({ kind }) => /^(ServiceAccount|(Cluster)?Role(Binding)?)$/.test(kind));
  const [instances, own] = await Promise.all([
    Promise.all(kinds.map((kind) => objects.all(kind))),
    Promise.all(
      [...finalized, ...accounts].map(async (ref) => {
        const found = await objects.get(ref);
        return found === null ? [] : [{ ...found, apiVersion: ref.apiVersion, kind: ref.kind }];
      }),
    ),
  ]);
  return [...instances, ...own].flat().filter((object) => listAt(object, "metadata", "finalizers").some(isOwn));
}

async function observe(scope: RunScope): Promise<Observation> {
  for (const deployment of ownersOf(scope.removal, deployments)) {
    const seen = await isStopped(scope.ports, deployment);
    if (!seen.done) return seen;
  }
  const [first] = await held(scope);
  return first === undefined ? done : awaited(refOf(first), "metadata.finalizers", null);
}

async function apply(scope: RunScope): Promise<void> {
  const { ports, removal } = scope;
  for (const deployment of ownersOf(removal, deployments)) {
    const seen = await isStopped(ports, deployment);
    if (!seen.done) return stop(ports, deployment);
  }
  for (const object of await held(scope)) {
    const finalizers = listAt(object, "metadata", "finalizers").filter((one) => !isOwn(one));
    const resourceVersion = part(object, "metadata", "resourceVersion");
    const read = resourceVersion === undefined ? {} : { resourceVersion };
    await ports.objects.merge(refOf(object), { metadata: { ...read, finalizers } });
  }
}

function stopped(source: SourceFacts): readonly StepChange[] {
  const change = { verb: "change", kind: "Deployment" } as const;
  const what = "scaled to 0 replicas, or it would bring back, or hold, what is removed";
  return [
    { ...change, namespace: "tigera-operator", name: "tigera-operator", what, rollback: "scaled as it was" },
    { ...change, namespace: source.namespace, name: "calico-kube-controllers", what, rollback: "scaled as it was" },
    {
      verb: "change",
      kind: "Installation",
      namespace: null,
      name: "default",
      what: "finalizers of the operator's removed, here and where else it set them: once it is stopped, nothing else removes them",
      rollback: "the operator sets them again",
    },
  ];
}

/** Stops who would bring Calico back, and lets go what only he would let go. */
export const stopOwner: SourceRunStep = {
  id: "calico/stop-owner",
  before: "remove-source",
  timeoutMs: 10 * 60_000,
  typicalMs: 20_000,
  changes: stopped,
  observe,
  apply,
  rollback: ["rollback-calico/start-owner"],
};

/**
 * By a manifest the controllers alone set finalizers (since 3.32), and with them gone the CRDs could not go. Where there is none,
 * nothing is stopped.
 */
export const releaseObjects: SourceRunStep = {
  id: "calico/release-objects",
  before: "remove-source",
  timeoutMs: 10 * 60_000,
  typicalMs: 1_000,
  changes: ({ namespace }) => [
    {
      verb: "change",
      kind: "Deployment",
      namespace,
      name: "calico-kube-controllers",
      what: "where its finalizers are on IPPools or Tiers: scaled to 0 replicas, and these finalizers removed, which no one would remove once it is gone",
      rollback: "scaled as it was; it sets them again",
    },
  ],
  observe: async (scope) => ((await held(scope)).length === 0 ? done : observe(scope)),
  apply: async (scope) => ((await held(scope)).length === 0 ? undefined : apply(scope)),
  rollback: ["rollback-calico/start-owner"],
};

export const startOwner: SourceRollbackRunStep = {
  id: "rollback-calico/start-owner",
  before: "rollback-upgrade",
  timeoutMs: 5 * 60_000,
  async observe({ ports, removal }) {
    for (const deployment of ownersOf(removal, deployments)) {
      const seen = await isStarted(ports, deployment);
      if (!seen.done) return seen;
    }
    return done;
  },
  async apply({ ports, removal }) {
    for (const deployment of ownersOf(removal, deployments)) await start(ports, deployment);
  },
};
