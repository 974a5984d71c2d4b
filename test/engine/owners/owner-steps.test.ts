import { expect, test } from "vitest";
import type { FrozenOwner } from "../../../src/engine/model/plan/frozen-owner.ts";
import type { JsonObject, JsonValue } from "../../../src/engine/model/plan-types.ts";
import type { RunScope } from "../../../src/engine/model/step.ts";
import { StepMemory } from "../../../src/engine/model/step-memory.ts";
import { ownerSteps } from "../../../src/engine/owners/owner-steps.ts";
import { noSteps } from "../../../src/engine/sources/source-step.ts";
import { mergePatch } from "../../support/merge-patch.ts";

const autoscaler: FrozenOwner = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "kube-system",
  name: "cluster-autoscaler",
  ofSource: false,
};
const application: FrozenOwner = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  namespace: "argocd",
  name: "cni",
  ofSource: true,
};
const kustomization: FrozenOwner = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  namespace: "flux-system",
  name: "infra",
  ofSource: true,
};

/** Objects by name, with a controller that follows spec.replicas at once. */
function world(objects: Readonly<Record<string, JsonObject>>) {
  const kept: Record<string, JsonObject> = { ...objects };
  const ports = {
    objects: {
      all: () => Promise.resolve([]),
      get: ({ name }: { name: string }) => Promise.resolve(kept[name] ?? null),
      merge({ name }: { name: string }, patch: JsonObject) {
        const next = mergePatch(kept[name], patch) as JsonObject;
        const { replicas } = (next["spec"] ?? {}) as JsonObject;
        kept[name] = replicas === undefined ? next : { ...next, status: { replicas } };
        return Promise.resolve();
      },
    },
  };
  const logged: unknown[] = [];
  const scope = {
    ports,
    plan: { source: { name: "Flannel" } },
    memory: new StepMemory(),
    log: (_level: string, { code, params }: { code: string; params: object }) => logged.push([code, params]),
  };
  return { kept, logged, scope: scope as unknown as RunScope };
}

const leaf = (owners: readonly FrozenOwner[], id: string) => {
  const { run, rollbackRun } = ownerSteps(owners);
  const found = [...run, ...rollbackRun].find((step) => step.id === id);
  if (!found) throw new Error(`no step ${id}`);
  return found;
};

const deployment = (replicas: number): JsonObject => ({
  metadata: { name: "cluster-autoscaler", annotations: { mine: "kept" } },
  spec: { replicas, template: {} },
  status: { replicas },
});

test.each<[string, FrozenOwner, JsonObject, JsonValue]>([
  ["a Deployment is scaled to zero", autoscaler, deployment(3), { replicas: 0, template: {} }],
  [
    "a Kustomization is suspended",
    kustomization,
    { metadata: {}, spec: { path: "./x" } },
    { path: "./x", suspend: true },
  ],
])("%s, and put back as it was", async (_what, owner, before, spec) => {
  const { kept, scope } = world({ [owner.name]: before });
  const freeze = leaf([owner], "owners/freeze");
  expect((await freeze.observe(scope)).done).toBe(false);
  await freeze.apply(scope);
  expect((await freeze.observe(scope)).done).toBe(true);
  expect(kept[owner.name]?.["spec"]).toEqual(spec);
  // Repeated, as after a crash between the act and its record, it must not take its own zero for what was before.
  await freeze.apply(scope);
  const back = leaf([owner], "rollback-owners/release");
  expect((await back.observe(scope)).done).toBe(false);
  await back.apply(scope);
  expect((await back.observe(scope)).done).toBe(true);
  const { status: _status, metadata, ...rest } = kept[owner.name] ?? {};
  const { status: _was, metadata: meta, ...was } = before;
  expect(rest).toEqual(was);
  expect(metadata).toEqual({ annotations: {}, ...(meta as JsonObject) });
  await back.apply(scope);
  expect(kept[owner.name]?.["spec"]).toEqual(was["spec"]);
});

test("an Application is told to reconcile no more; at the end it stays so, and only a rollback puts it back", async () => {
  const { kept, logged, scope } = world({ cni: { metadata: { name: "cni" } }, "cluster-autoscaler": deployment(2) });
  const owners = [autoscaler, application];
  await leaf(owners, "owners/freeze").apply(scope);
  const frozen = { "argocd.argoproj.io/skip-reconcile": "true", "crossfade/frozen": "null" };
  expect(kept["cni"]).toEqual({ metadata: { name: "cni", annotations: frozen } });
  const release = leaf(owners, "owners/release");
  await release.apply(scope);
  expect((await release.observe(scope)).done).toBe(true);
  expect((await release.observe(scope)).done).toBe(true);
  expect(logged).toEqual([["owners-stay-frozen", { owners: ["Application argocd/cni"], source: "Flannel" }]]);
  expect(kept["cluster-autoscaler"]).toEqual(deployment(2));
  expect(kept["cni"]).toEqual({ metadata: { name: "cni", annotations: frozen } });
  await leaf(owners, "rollback-owners/release").apply(scope);
  expect(kept["cni"]).toEqual({ metadata: { name: "cni", annotations: {} } });
});

test("what another has changed meanwhile stays as he set it, and what is gone or never was frozen is left alone", async () => {
  const { kept, scope } = world({ "cluster-autoscaler": deployment(2) });
  await leaf([autoscaler], "rollback-owners/release").apply(scope);
  expect(kept["cluster-autoscaler"]).toEqual(deployment(2));
  await leaf([autoscaler], "owners/freeze").apply(scope);
  kept["cluster-autoscaler"] = mergePatch(kept["cluster-autoscaler"], { spec: { replicas: 5 } }) as JsonObject;
  const seen = await leaf([autoscaler], "owners/freeze").observe(scope);
  expect(seen).toMatchObject({ done: false, reason: { params: { field: "replicas", value: "0" } } });
  await leaf([autoscaler], "rollback-owners/release").apply(scope);
  expect(kept["cluster-autoscaler"]).toMatchObject({
    spec: { replicas: 5 },
    metadata: { annotations: { mine: "kept" } },
  });
  const { scope: empty } = world({});
  for (const id of ["owners/freeze", "owners/release", "rollback-owners/release"]) {
    await leaf([autoscaler, kustomization], id).apply(empty);
    expect((await leaf([autoscaler, kustomization], id).observe(empty)).done).toBe(true);
  }
});

test("pods that still run are waited for", async () => {
  const still = mergePatch(deployment(0), {
    metadata: { annotations: { "crossfade/frozen": "2" } },
    status: { replicas: 1 },
  });
  const { scope } = world({ "cluster-autoscaler": still as JsonObject });
  const seen = await leaf([autoscaler], "owners/freeze").observe(scope);
  expect(seen).toMatchObject({ done: false, reason: { params: { field: "status.replicas" } } });
});

test("a mark that somebody damaged stops nothing", async () => {
  const broken = mergePatch(deployment(0), { metadata: { annotations: { "crossfade/frozen": "{" } } });
  const { scope, kept } = world({ "cluster-autoscaler": broken as JsonObject });
  await leaf([autoscaler], "rollback-owners/release").apply(scope);
  expect(kept["cluster-autoscaler"]?.["metadata"]).toEqual({
    name: "cluster-autoscaler",
    annotations: { mine: "kept" },
  });
});

test("where nobody is held still there is no step", () => {
  expect(ownerSteps([])).toEqual(noSteps);
});
