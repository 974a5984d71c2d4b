import { expect, test } from "vitest";
import { leftOfSource, removeSourceObjects, untilGone } from "../../../src/engine/cleaning/source-objects.ts";
import type { NamespaceContents } from "../../../src/engine/model/cluster/namespace-contents.ts";
import type { Note } from "../../../src/engine/model/notes/note.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { removalOf } from "../../../src/engine/sources/registry.ts";
import { textOf } from "../../support/log-line.ts";
import { aPlan } from "../../support/panel/a-plan.ts";
import { said } from "../../support/said.ts";

const namespace = { apiVersion: "v1", kind: "Namespace", namespace: null, name: "kube-flannel" };
const inIt = (kind: string, name: string) => ({
  apiVersion: "v1",
  kind,
  name,
  owners: [],
  serviceAccount: "",
  managedBy: "",
});

/** All of the source is gone but its namespace, which holds this, and is being deleted or not. */
function removing(contents: NamespaceContents, terminating: readonly string[] | null = null) {
  const logged: string[] = [];
  const workloads = {
    existing: () => Promise.resolve([namespace]),
    contents: () => Promise.resolve(contents),
    terminating: () => Promise.resolve(terminating),
  };
  const scope = {
    ports: { workloads },
    plan: aPlan(["a"]),
    removal: removalOf(aPlan(["a"]).source),
    memory: new StepMemory(),
    log: (level: string, note: Note) => logged.push(`${level}: ${textOf({ note })}`),
  };
  return { scope: scope as unknown as RunScope, logged };
}

test("what came into the namespace after the plan keeps it, by name", async () => {
  const { scope, logged } = removing({ objects: [inIt("Secret", "theirs")], unknown: [] });
  expect(await leftOfSource(scope)).toEqual([]);
  expect(logged).toEqual(["warning: Namespace kube-flannel stays: it holds what is not the source's: Secret theirs"]);
});

test("a kind that could not be listed then keeps it too", async () => {
  const { scope, logged } = removing({ objects: [], unknown: ["Widget (503 the server is away)"] });
  expect(await leftOfSource(scope)).toEqual([]);
  expect(logged).toEqual([
    "warning: Namespace kube-flannel stays: what else it holds is not known: Widget (503 the server is away)",
  ]);
});

test("a namespace that does not go says its conditions, and no advice makes an outage", async () => {
  const conditions = [
    "NamespaceFinalizersRemaining: Some content has finalizers remaining: example.com/hold in 1 ConfigMap",
  ];
  const { scope } = removing({ objects: [inIt("ConfigMap", "held")], unknown: [] }, conditions);
  const left = await leftOfSource(scope);
  expect(left).toEqual([namespace]);
  expect(said(await untilGone(scope, left))).toMatchObject({
    because: `Namespace kube-flannel to go: ${conditions[0]}`,
    clearedBy: "the owner of what these conditions name",
    object: "Namespace kube-flannel",
    remedy: expect.stringContaining("kubectl get namespace kube-flannel -o yaml"),
  });
});

test("what runs goes first and wholly, then what it needed, and kinds with all that is in them last", async () => {
  const at = (kind: string, name: string) => ({ apiVersion: "v1", kind, namespace: null, name });
  const all = [
    at("CustomResourceDefinition", "ippools.example.org"),
    at("ServiceAccount", "daemon"),
    at("ClusterRole", "daemon"),
    at("Deployment", "controllers"),
  ];
  let left = all;
  const deleted: string[] = [];
  const workloads = {
    existing: () => Promise.resolve(left),
    delete: ({ kind }: { kind: string }) => {
      deleted.push(kind);
      return Promise.resolve();
    },
  };
  const scope = { ports: { workloads }, removal: { objects: all } } as unknown as RunScope;
  await removeSourceObjects(scope);
  // Its pods are still there.
  await removeSourceObjects(scope);
  expect(deleted).toEqual(["Deployment", "Deployment"]);
  left = all.slice(0, 3);
  await removeSourceObjects(scope);
  left = all.slice(0, 1);
  await removeSourceObjects(scope);
  expect(deleted.slice(2)).toEqual(["ServiceAccount", "ClusterRole", "CustomResourceDefinition"]);
});
