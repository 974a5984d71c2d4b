import { expect, test } from "vitest";
import { at, configMap, emptyStore, make, pod, refusal } from "./store-fixture.ts";

const running = (name = "a", metadata: object = {}) => pod(name, { nodeName: "n1" }, { ...metadata });
const held = (finalizers: string[]) => ({ ...configMap("a"), metadata: { name: "a", finalizers } });

test("a pod on a node gets its grace and stays", () => {
  const { store } = emptyStore();
  store.create("pods", running());
  const { object, gone } = store.erase(at("pods", "a"));
  expect(gone).toBe(false);
  expect(object.metadata).toMatchObject({
    deletionTimestamp: "2026-01-01T00:00:30Z",
    deletionGracePeriodSeconds: 30,
    generation: 2,
  });
  expect(store.get("pods", "default", "a")).toBe(object);
});

const atOnce: readonly (readonly [string, ReturnType<typeof pod>, object])[] = [
  ["a pod without a node", pod("a"), {}],
  ["a pod with a grace of 0", running(), { graceSeconds: 0 }],
];
for (const [what, object, options] of atOnce) {
  test(`${what} goes at once`, () => {
    const { store } = emptyStore();
    store.create("pods", object);
    expect(store.erase(at("pods", "a"), options).gone).toBe(true);
    expect(store.get("pods", "default", "a")).toBeUndefined();
    expect(store.podsOn("n1")).toEqual([]);
  });
}

test("a finished pod goes at once", () => {
  const { store } = emptyStore();
  store.create("pods", running());
  store.change("pods", "default", "a", (copy) => Object.assign(copy, { status: { phase: "Succeeded" } }), {
    subresource: "status",
  });
  expect(store.erase(at("pods", "a")).gone).toBe(true);
});

test("a second delete with the same grace changes nothing, a shorter one does", () => {
  const { store } = emptyStore();
  store.create("pods", running());
  const first = store.erase(at("pods", "a")).object;
  expect(store.erase(at("pods", "a")).object).toBe(first);
  const { deletionTimestamp, deletionGracePeriodSeconds } = store.erase(at("pods", "a"), { graceSeconds: 5 }).object
    .metadata;
  expect([deletionTimestamp, deletionGracePeriodSeconds]).toEqual(["2026-01-01T00:00:05Z", 5]);
  expect(store.erase(at("pods", "a"), { graceSeconds: 60 }).object.metadata.deletionGracePeriodSeconds).toBe(5);
});

test("a kubelet removes a stopped pod whatever its grace", () => {
  const { store } = emptyStore();
  store.create("pods", running());
  store.delete("pods", "default", "a");
  store.remove("pods", "default", "a");
  expect(store.get("pods", "default", "a")).toBeUndefined();
});

test("a kubelet does not remove another pod of the same name", () => {
  const { store } = emptyStore();
  store.create("pods", running());
  store.remove("pods", "default", "a", "old");
  expect(store.podsOn("n1")).toHaveLength(1);
});

test("finalizers hold a pod that its kubelet removed", () => {
  const { store } = emptyStore();
  store.create("pods", running("a", { finalizers: ["x/hold"] }));
  store.remove("pods", "default", "a");
  expect(store.get("pods", "default", "a")?.metadata.deletionGracePeriodSeconds).toBe(0);
  store.change("pods", "default", "a", ({ metadata }) => {
    metadata.finalizers = [];
  });
  expect(store.get("pods", "default", "a")).toBeUndefined();
});

test("an object with finalizers waits and goes with the last of them, as one DELETED event", () => {
  const { store } = emptyStore();
  store.create("configmaps", held(["x/a", "x/b"]));
  const types: string[] = [];
  store.subscribe("configmaps", ({ type }) => types.push(type));
  expect(store.erase(at("configmaps", "a")).gone).toBe(false);
  for (const left of [["x/b"], []]) {
    store.change("configmaps", "default", "a", ({ metadata }) => {
      metadata.finalizers = left;
    });
  }
  expect(types).toEqual(["ADDED", "MODIFIED", "MODIFIED", "DELETED"]);
});

test("what is being deleted takes no new finalizer", () => {
  const { store } = emptyStore();
  store.create("configmaps", held(["x/a"]));
  store.delete("configmaps", "default", "a");
  const body = { metadata: { finalizers: ["x/a", "x/b"] } };
  const error = refusal(() => store.patch(at("configmaps", "a"), { type: "merge", body }));
  expect(error.message).toMatch(
    /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted/,
  );
});

const propagation = [
  ["Foreground", ["foregroundDeletion"]],
  ["Orphan", ["orphan"]],
] as const;
for (const [policy, finalizers] of propagation) {
  test(`${policy} deletion waits for the garbage collector by its finalizer`, () => {
    const { store } = emptyStore();
    store.create("configmaps", configMap("a"));
    const { object, gone } = store.erase(at("configmaps", "a"), { propagation: policy });
    expect(gone).toBe(false);
    expect(object.metadata.finalizers).toEqual(finalizers);
  });
}

test("Background deletion leaves no finalizer", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a"));
  expect(store.erase(at("configmaps", "a"), { propagation: "Background" }).gone).toBe(true);
});

const preconditions = [
  ["uid", { uid: "other" }, /UID in precondition: other/],
  ["resourceVersion", { resourceVersion: "1" }, /ResourceVersion in precondition: 1/],
] as const;
for (const [what, options, message] of preconditions) {
  test(`a failed ${what} precondition is a conflict`, () => {
    const { store } = emptyStore();
    store.create("configmaps", configMap("a"));
    const error = refusal(() => store.erase(at("configmaps", "a"), options));
    expect(error.code).toBe(409);
    expect(error.message).toMatch(message);
  });
}

test("erase of what is absent is not found, delete of it is none of anybody's business", () => {
  const { store } = emptyStore();
  expect(refusal(() => store.erase(at("pods", "no"))).code).toBe(404);
  expect(store.delete("pods", "default", "no")).toBeUndefined();
});

test("a dry-run delete answers as if and deletes nothing", () => {
  const { store } = emptyStore();
  const made = store.create("configmaps", configMap("a"));
  expect(store.erase(at("configmaps", "a"), { dryRun: true }).gone).toBe(true);
  expect(store.get("configmaps", "default", "a")).toBe(made);
});

test("a collection is deleted as far as it matches", () => {
  const { store } = emptyStore();
  for (const name of ["a", "b", "c"]) store.create("configmaps", configMap(name));
  const gone = store.eraseAll(
    { resource: "configmaps", namespace: "default" },
    ({ metadata }) => metadata.name !== "b",
  );
  expect(gone.map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
  expect(store.list("configmaps").map(({ metadata }) => metadata.name)).toEqual(["b"]);
});

test("a deleted namespace terminates, refuses new objects, and goes when it is finalized", () => {
  const { store } = emptyStore();
  store.create("namespaces", make("v1", "Namespace", "team"));
  const { object, gone } = store.erase({ resource: "namespaces", namespace: null, name: "team" });
  expect(gone).toBe(false);
  expect(object).toMatchObject({ status: { phase: "Terminating" }, spec: { finalizers: ["kubernetes"] } });
  const error = refusal(() => store.create("pods", pod("a", {}, { namespace: "team" })));
  expect(error.code).toBe(403);
  expect(error.message).toBe(
    'pods "a" is forbidden: unable to create new content in namespace team because it is being terminated',
  );
  expect(error.status.details?.causes?.[0]?.reason).toBe("NamespaceTerminating");
  store.finalize("team");
  expect(store.get("namespaces", null, "team")).toBeUndefined();
});

test("a namespace's own finalizers hold it after it was finalized", () => {
  const { store } = emptyStore();
  store.create("namespaces", make("v1", "Namespace", "team", { metadata: { finalizers: ["x/hold"] } }));
  store.delete("namespaces", null, "team");
  store.finalize("team");
  expect(store.get("namespaces", null, "team")).toBeDefined();
});

test("over HTTP a namespace's spec.finalizers change by finalize only", () => {
  const { store } = emptyStore();
  const target = { resource: "namespaces", namespace: null, name: "team" };
  store.create("namespaces", make("v1", "Namespace", "team"));
  store.patch(target, { type: "merge", body: { spec: { finalizers: [] } } });
  expect(store.read(target).spec).toEqual({ finalizers: ["kubernetes"] });
  store.erase(target);
  store.put(target, { metadata: { name: "team" }, spec: { finalizers: [] } }, { subresource: "finalize" });
  expect(store.get("namespaces", null, "team")).toBeUndefined();
});

test("the default namespace may not be deleted", () => {
  const { store } = emptyStore();
  const error = refusal(() => store.erase({ resource: "namespaces", namespace: null, name: "default" }));
  expect(error.message).toBe('namespaces "default" is forbidden: this namespace may not be deleted');
});
