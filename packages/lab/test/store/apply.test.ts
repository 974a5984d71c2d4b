import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { at, deployment, emptyStore, field, make, refusal } from "./store-fixture.ts";

const target = at("apps/deployments", "d");
const container = (name: string, fields: object = {}) => ({ name, image: `${name}:1`, ...fields });
const wish = (spec: object = {}, containers: object[] = [container("app")]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d" },
  spec: {
    selector: { matchLabels: { app: "d" } },
    template: { metadata: { labels: { app: "d" } }, spec: { containers } },
    ...spec,
  },
});
const setup = () => {
  const { store, clock } = emptyStore();
  const apply = (manager: string, body: object, force = false) =>
    store.patch(target, { type: "apply", body }, { manager, force });
  return { store, clock, apply };
};
const owner = (object: KubeObject, manager: string) =>
  (object.metadata.managedFields as { manager: string; operation: string; fieldsV1: object }[]).find(
    (entry) => entry.manager === manager,
  );

test("apply creates what is not there", () => {
  const { store, apply } = setup();
  const { created, object } = apply("helm", wish());
  expect(created).toBe(true);
  expect(store.get("apps/deployments", "default", "d")).toBe(object);
  expect(apply("helm", wish({ replicas: 2 })).created).toBe(false);
});

test("an entry of managedFields looks as upstream's", () => {
  const { apply } = setup();
  const { object } = apply("helm", wish());
  expect(object.metadata.managedFields).toEqual([
    {
      manager: "helm",
      operation: "Apply",
      apiVersion: "apps/v1",
      time: "2026-01-01T00:00:00Z",
      fieldsType: "FieldsV1",
      fieldsV1: {
        "f:spec": {
          "f:selector": {},
          "f:template": {
            "f:metadata": { "f:labels": { "f:app": {} } },
            "f:spec": { "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:name": {}, "f:image": {} } } },
          },
        },
      },
    },
  ]);
});

test("applying the same again writes nothing, even later", async () => {
  const { store, clock, apply } = setup();
  const { object } = apply("helm", wish());
  await clock.advance(5_000);
  expect(apply("helm", wish()).object).toBe(object);
  expect(store.resourceVersion()).toBe(object.metadata.resourceVersion);
});

test("a field of another applier is a conflict that names him and the field", () => {
  const { apply } = setup();
  apply("helm", wish({ replicas: 2 }));
  const error = refusal(() => apply("kubectl", { ...wish(), spec: { replicas: 3 } }));
  expect([error.code, error.reason]).toEqual([409, "Conflict"]);
  expect(error.message).toBe('Apply failed with 1 conflict: conflict with "helm": .spec.replicas');
  expect(error.status.details?.causes).toEqual([
    { reason: "FieldManagerConflict", message: 'conflict with "helm"', field: ".spec.replicas" },
  ]);
});

test("several conflicts are counted and listed", () => {
  const { apply } = setup();
  apply("helm", wish({ replicas: 2, minReadySeconds: 1 }));
  const error = refusal(() => apply("kubectl", { ...wish(), spec: { replicas: 3, minReadySeconds: 4 } }));
  expect(error.message).toMatch(/^Apply failed with 2 conflicts: conflicts with "helm":\n- \.spec/);
});

test("a conflict inside of a list names its item", () => {
  const { apply } = setup();
  apply("helm", wish());
  const error = refusal(() => apply("kubectl", wish({}, [container("app", { image: "app:2" })])));
  expect(error.message).toContain('.spec.template.spec.containers[name="app"].image');
});

test("force takes the field from its owner", () => {
  const { apply } = setup();
  apply("helm", wish({ replicas: 2 }));
  const { object } = apply("kubectl", { ...wish(), spec: { replicas: 3 } }, true);
  expect(field(object, "spec.replicas")).toBe(3);
  expect(owner(object, "helm")?.fieldsV1).not.toHaveProperty(["f:spec", "f:replicas"]);
  expect(owner(object, "kubectl")?.fieldsV1).toEqual({ "f:spec": { "f:replicas": {} } });
});

test("the same value is owned together", () => {
  const { apply } = setup();
  apply("helm", wish({ replicas: 2 }));
  const { object } = apply("kubectl", { ...wish(), spec: { replicas: 2 } });
  expect(owner(object, "helm")?.fieldsV1).toHaveProperty(["f:spec", "f:replicas"]);
  expect(owner(object, "kubectl")?.fieldsV1).toHaveProperty(["f:spec", "f:replicas"]);
});

test("a field that the manager no longer sets goes", () => {
  const { apply } = setup();
  apply("helm", wish({ minReadySeconds: 5 }));
  expect(apply("helm", wish()).object.spec).not.toHaveProperty("minReadySeconds");
});

test("a dropped field falls back to its default", () => {
  const { apply } = setup();
  apply("helm", wish({ replicas: 5 }));
  expect(field(apply("helm", wish()).object, "spec.replicas")).toBe(1);
});

test("a dropped field that another manager owns too stays", () => {
  const { apply } = setup();
  apply("helm", wish({ minReadySeconds: 5 }));
  apply("kubectl", { ...wish(), spec: { minReadySeconds: 5 } });
  expect(field(apply("helm", wish()).object, "spec.minReadySeconds")).toBe(5);
});

test("a dropped container goes with what was defaulted in it", () => {
  const { apply } = setup();
  apply("helm", wish({}, [container("app"), container("side")]));
  const { object } = apply("helm", wish());
  expect(field(object, "spec.template.spec.containers")).toHaveLength(1);
});

test("another's container stays where it is when mine is dropped", () => {
  const { store, apply } = setup();
  apply("helm", wish({}, [container("app"), container("side")]));
  const body = { spec: { template: { spec: { containers: [container("mesh")] } } } };
  store.patch(target, { type: "strategic", body }, { manager: "injector" });
  const { object } = apply("helm", wish());
  const names = (field(object, "spec.template.spec.containers") as { name: string }[]).map(({ name }) => name);
  expect(names).toEqual(["app", "mesh"]);
});

test("an update takes what it changes, and the applier meets a conflict", () => {
  const { store, apply } = setup();
  apply("helm", wish({ replicas: 2 }));
  store.patch(target, { type: "merge", body: { spec: { replicas: 7 } } }, { manager: "kubectl-scale" });
  const error = refusal(() => apply("helm", wish({ replicas: 2 })));
  expect(error.message).toBe(
    'Apply failed with 1 conflict: conflict with "kubectl-scale" using apps/v1: .spec.replicas',
  );
});

test("a field that an update removed belongs to nobody", () => {
  const { store, apply } = setup();
  apply("helm", wish({ minReadySeconds: 5 }));
  const { object } = store.patch(
    target,
    { type: "merge", body: { spec: { minReadySeconds: null } } },
    { manager: "me" },
  );
  expect(owner(object, "helm")?.fieldsV1).not.toHaveProperty(["f:spec", "f:minReadySeconds"]);
  expect(owner(object, "me")).toBeUndefined();
});

test("a created object's fields belong to its creator, with the maps that he made", () => {
  const { store } = setup();
  const labelled = make("v1", "ConfigMap", "a", { metadata: { labels: { x: "y" } }, data: { k: "v" } });
  const made = store.create("configmaps", labelled, { manager: "kubectl-create" });
  expect(made.metadata.managedFields).toEqual([
    expect.objectContaining({
      manager: "kubectl-create",
      operation: "Update",
      fieldsV1: { "f:metadata": { "f:labels": { ".": {}, "f:x": {} } }, "f:data": { ".": {}, "f:k": {} } },
    }),
  ]);
});

test("status has owners of its own", () => {
  const { store, apply } = setup();
  apply("helm", wish());
  const status = { replicas: 1, conditions: [{ type: "Available", status: "True" }] };
  const { object } = store.patch(
    target,
    { type: "merge", body: { status } },
    { manager: "controller", subresource: "status" },
  );
  expect(owner(object, "controller")).toMatchObject({
    subresource: "status",
    fieldsV1: { "f:status": { "f:replicas": {}, "f:conditions": { 'k:{"type":"Available"}': { ".": {} } } } },
  });
});

test("a Deployment's status in a main apply is not looked at", () => {
  const { apply } = setup();
  const { object } = apply("helm", { ...wish(), status: { replicas: 9 } });
  expect(object.status).toEqual({});
  expect(owner(object, "helm")?.fieldsV1).not.toHaveProperty("f:status");
});

test("labels merge between appliers", () => {
  const { apply } = setup();
  const labelled = (labels: object) => ({ ...wish(), metadata: { name: "d", labels } });
  apply("helm", labelled({ a: "1" }));
  const { object } = apply("other", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "d", labels: { b: "2" } },
  });
  expect(object.metadata.labels).toEqual({ a: "1", b: "2" });
  expect(
    apply("other", { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" } }).object.metadata.labels,
  ).toEqual({ a: "1" });
});

const broken: readonly (readonly [string, object, object, number, RegExp])[] = [
  ["without a manager", wish(), {}, 422, /fieldManager: Required value: is required for apply patch/],
  ["without kind", { metadata: { name: "d" } }, { manager: "m" }, 400, /must say its apiVersion and kind/],
  [
    "with managedFields",
    { ...wish(), metadata: { name: "d", managedFields: [{}] } },
    { manager: "m" },
    400,
    /metadata\.managedFields must be nil/,
  ],
  ["that is invalid", wish({ replicas: -1 }), { manager: "m" }, 422, /spec\.replicas/],
  [
    "of another name",
    { ...wish(), metadata: { name: "x" } },
    { manager: "m" },
    400,
    /does not match the name on the URL/,
  ],
];
for (const [what, body, request, code, message] of broken) {
  test(`refuses an apply ${what}`, () => {
    const { store } = setup();
    const error = refusal(() => store.patch(target, { type: "apply", body }, request));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(store.get("apps/deployments", "default", "d")).toBeUndefined();
  });
}

test("an apply with a stale resourceVersion is a conflict", () => {
  const { store, apply } = setup();
  const { object } = apply("helm", wish());
  store.change("apps/deployments", "default", "d", (copy) => {
    copy.metadata.labels = { x: "y" };
  });
  const body = { ...wish(), metadata: { name: "d", resourceVersion: object.metadata.resourceVersion } };
  expect(refusal(() => apply("helm", body)).message).toMatch(/the object has been modified/);
});

test("an update by hand on a created object makes two owners", () => {
  const { store } = setup();
  store.create("apps/deployments", deployment("d"), { manager: "a" });
  const { object } = store.patch(target, { type: "merge", body: { spec: { replicas: 3 } } }, { manager: "b" });
  expect(owner(object, "a")?.fieldsV1).not.toHaveProperty(["f:spec", "f:replicas"]);
  expect(owner(object, "b")?.fieldsV1).toEqual({ "f:spec": { "f:replicas": {} } });
});
