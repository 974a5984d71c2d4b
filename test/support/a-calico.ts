import type { ObjectRef } from "../../src/engine/model/cluster/object-ref.ts";
import type { NodeFacts, PodFacts, WorkloadFacts } from "../../src/engine/model/facts.ts";
import type { Note } from "../../src/engine/model/notes/note.ts";
import type { Observation } from "../../src/engine/model/observation.ts";
import type { JsonObject, SourceFacts } from "../../src/engine/model/plan-types.ts";
import type { NodeScope, RunScope } from "../../src/engine/model/step.ts";
import { StepMemory } from "../../src/engine/model/step-memory.ts";
import { calicoSteps } from "../../src/engine/sources/calico/steps/calico-steps.ts";
import { aNode } from "./facts.ts";
import { textOf } from "./log-line.ts";
import { mergePatch } from "./merge-patch.ts";
import { aPlan } from "./panel/a-plan.ts";

/** Calico's facts as `read` gives them. */
export function aCalico(own: JsonObject = {}, namespace = "kube-system"): SourceFacts {
  return {
    ...aPlan(["a", "b"]).source,
    id: "calico",
    name: "Calico",
    namespace,
    workloads: [{ kind: "DaemonSet", namespace, name: "calico-node" }],
    own: { install: "manifest", detection: "first-found", ...own },
  };
}

/** The DaemonSet, rolled out wholly, with these variables. */
export function calicoNode(env: readonly JsonObject[] = [], namespace = "kube-system"): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { namespace, name: "calico-node", generation: 1, resourceVersion: "1" },
    spec: {
      template: { spec: { containers: [{ name: "calico-node", env: [...env, { name: "IP", value: "autodetect" }] }] } },
    },
    status: { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberReady: 2 },
  };
}

/** A node of the old network that is known by its own address, or by another. */
export const atAddress = (name: string, ip: string, known = ip): NodeFacts =>
  aNode(name, { internalIps: [ip], annotations: { "projectcalico.org/IPv4Address": `${known}/24` } });

interface World {
  readonly source: SourceFacts;
  readonly objects: readonly JsonObject[];
  readonly nodes?: readonly NodeFacts[];
  readonly pods?: readonly PodFacts[];
  readonly operators?: number;
  readonly removal?: readonly ObjectRef[];
}

const keyOf = (object: JsonObject): string => {
  const { kind, metadata } = object as { kind: string; metadata: { namespace?: string; name: string } };
  return `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`;
};
const keyOfRef = ({ kind, namespace, name }: ObjectRef) => `${kind} ${namespace ?? "-"}/${name}`;

/** A cluster by its objects, in which a merge is done at once and what it was is kept. */
export function calicoWorld({ source, objects, nodes = [], pods = [], operators = 1, removal = [] }: World) {
  const kept = new Map(objects.map((object) => [keyOf(object), object]));
  const merged: [string, JsonObject][] = [];
  const logged: string[] = [];
  const state: { nodes: readonly NodeFacts[]; pods: readonly PodFacts[]; operators: number; wanted: number | null } = {
    nodes,
    pods,
    operators,
    wanted: null,
  };
  const ports = {
    objects: {
      get: (ref: ObjectRef) => Promise.resolve(kept.get(keyOfRef(ref)) ?? null),
      all: ({ apiVersion, kind }: Pick<ObjectRef, "apiVersion" | "kind">) =>
        Promise.resolve([...kept.values()].filter((one) => one["kind"] === kind && one["apiVersion"] === apiVersion)),
      merge(ref: ObjectRef, patch: JsonObject) {
        merged.push([keyOfRef(ref), patch]);
        kept.set(keyOfRef(ref), mergePatch(kept.get(keyOfRef(ref)), patch) as JsonObject);
        return Promise.resolve();
      },
    },
    nodes: { list: () => Promise.resolve(state.nodes) },
    pods: { list: () => Promise.resolve(state.pods) },
    workloads: {
      get: () => Promise.resolve({ ready: state.operators, desired: state.wanted ?? state.operators } as WorkloadFacts),
      failedCreate: () => Promise.resolve(null),
    },
  };
  const scope = {
    ports,
    plan: { ...aPlan(nodes.map(({ name }) => name)), source },
    removal: { objects: removal },
    nodes: nodes.map(({ name }) => name),
    memory: new StepMemory(),
    log: (level: string, note: Note) => logged.push(`${level}: ${textOf({ note })}`),
  } as unknown as RunScope & NodeScope;
  const { run, node, rollbackRun } = calicoSteps(source);
  const leaf = (id: string) => {
    const found = [...run, ...node, ...rollbackRun].find((step) => step.id === id);
    if (!found) throw new Error(`no step ${id}`);
    return { observe: () => found.observe(scope), apply: () => found.apply(scope) };
  };
  return { kept, merged, logged, state, leaf };
}

/** Nudges a step as the loop does, at most so often; with what it said at the end. */
export async function nudged(
  step: { observe(): Promise<Observation>; apply(): Promise<void> },
  times: number,
): Promise<Observation> {
  let seen = await step.observe();
  for (let count = 0; count < times && !seen.done; count += 1) {
    await step.apply();
    seen = await step.observe();
  }
  return seen;
}
