import { expect, test } from "vitest";
import { at, configMap, deployment, emptyStore, field, make, pod, refusal } from "./store-fixture.ts";

const two = [
  {
    name: "app",
    image: "web:1",
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
    ports: [{ containerPort: 80 }],
  },
  { name: "side", image: "side:1" },
];
const base = () => {
  const { store } = emptyStore();
  const meta = { finalizers: ["x/a", "x/b"], labels: { a: "1", b: "2" } };
  const template = {
    metadata: { labels: { app: "d" } },
    spec: { containers: two, tolerations: [{ key: "k", operator: "Exists" }], nodeSelector: { os: "linux" } },
  };
  store.create("apps/deployments", { ...deployment("d", { template }), metadata: { name: "d", ...meta } });
  return store;
};
const inPods = (spec: object) => ({ spec: { template: { spec } } });
const containers = "spec.template.spec.containers";
type Item = { name: string; image?: string };
const names = (value: unknown) => (value as Item[]).map(({ name }) => name);

const strategic: readonly (readonly [string, object, string, (value: unknown) => unknown, unknown])[] = [
  [
    "merges a container by its name",
    inPods({ containers: [{ name: "side", image: "side:2" }] }),
    `${containers}.1.image`,
    (it) => it,
    "side:2",
  ],
  [
    "leaves the other container alone",
    inPods({ containers: [{ name: "side", image: "side:2" }] }),
    `${containers}.0.image`,
    (it) => it,
    "web:1",
  ],
  [
    "adds a container of a new name",
    inPods({ containers: [{ name: "new", image: "n" }] }),
    containers,
    names,
    ["app", "side", "new"],
  ],
  ["deletes a container", inPods({ containers: [{ name: "side", $patch: "delete" }] }), containers, names, ["app"]],
  [
    "replaces the list of containers",
    inPods({ containers: [{ $patch: "replace" }, { name: "only", image: "o" }] }),
    containers,
    names,
    ["only"],
  ],
  [
    "orders containers as told",
    inPods({ "$setElementOrder/containers": [{ name: "side" }, { name: "app" }] }),
    containers,
    names,
    ["side", "app"],
  ],
  [
    "merges env by name",
    inPods({ containers: [{ name: "app", env: [{ name: "B", value: "3" }] }] }),
    `${containers}.0.env`,
    (it) => it,
    [
      { name: "A", value: "1" },
      { name: "B", value: "3" },
    ],
  ],
  [
    "merges ports by containerPort",
    inPods({ containers: [{ name: "app", ports: [{ containerPort: 80, name: "http" }] }] }),
    `${containers}.0.ports`,
    (it) => it,
    [{ containerPort: 80, name: "http", protocol: "TCP" }],
  ],
  [
    "replaces tolerations as a whole",
    inPods({ tolerations: [{ operator: "Exists" }] }),
    "spec.template.spec.tolerations",
    (it) => it,
    [{ operator: "Exists" }],
  ],
  ["removes a field by null", { metadata: { labels: { a: null } } }, "metadata.labels", (it) => it, { b: "2" }],
  [
    "merges finalizers as a set",
    { metadata: { finalizers: ["x/b", "x/c"] } },
    "metadata.finalizers",
    (it) => it,
    ["x/a", "x/b", "x/c"],
  ],
  [
    "deletes from a list of scalars",
    { metadata: { "$deleteFromPrimitiveList/finalizers": ["x/a"] } },
    "metadata.finalizers",
    (it) => it,
    ["x/b"],
  ],
  [
    "replaces a map",
    { metadata: { labels: { $patch: "replace", c: "3" } } },
    "metadata.labels",
    (it) => it,
    { c: "3" },
  ],
  [
    "keeps only the retained keys",
    { spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } },
    "spec.strategy",
    (it) => it,
    { type: "Recreate" },
  ],
];
for (const [sentence, body, path, read, value] of strategic) {
  test(`strategic merge ${sentence}`, () => {
    const { object } = base().patch(at("apps/deployments", "d"), { type: "strategic", body });
    expect(read(field(object, path))).toEqual(value);
  });
}

test("strategic merge replaces a node's taints, whose list is atomic upstream", () => {
  const { store } = emptyStore();
  store.create("nodes", make("v1", "Node", "n", { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }));
  const body = { spec: { taints: [{ key: "b", effect: "NoSchedule" }] } };
  const { object } = store.patch({ resource: "nodes", namespace: null, name: "n" }, { type: "strategic", body });
  expect(object.spec).toEqual(body.spec);
});

test("strategic merge keeps other conditions of a node's status", () => {
  const { store } = emptyStore();
  const conditions = [
    { type: "Ready", status: "True" },
    { type: "DiskPressure", status: "False" },
  ];
  store.create("nodes", make("v1", "Node", "n", { status: { conditions } }));
  const body = { status: { conditions: [{ type: "Ready", status: "False" }] } };
  const target = { resource: "nodes", namespace: null, name: "n" };
  const { object } = store.patch(target, { type: "strategic", body }, { subresource: "status" });
  expect(field(object, "status.conditions")).toEqual([{ type: "Ready", status: "False" }, conditions[1]]);
});

test("strategic merge of an item without its key is a bad request", () => {
  const body = inPods({ containers: [{ image: "x" }] });
  const error = refusal(() => base().patch(at("apps/deployments", "d"), { type: "strategic", body }));
  expect(error.code).toBe(400);
  expect(error.message).toMatch(/does not contain declared merge key: name/);
});

test("merge patch merges objects, replaces lists and removes by null", () => {
  const { store } = emptyStore();
  store.create("configmaps", { ...configMap("a", { x: "1", y: "2" }), metadata: { name: "a", finalizers: ["x/a"] } });
  const body = { metadata: { finalizers: ["x/b"] }, data: { x: null, z: "3" } };
  const { object } = store.patch(at("configmaps", "a"), { type: "merge", body });
  expect(object).toMatchObject({ metadata: { finalizers: ["x/b"] } });
  expect(object.data).toEqual({ y: "2", z: "3" });
});

test("a resourceVersion inside of a merge patch guards it", () => {
  const { store } = emptyStore();
  const made = store.create("configmaps", configMap("a"));
  const patch = {
    type: "merge",
    body: { metadata: { resourceVersion: made.metadata.resourceVersion }, data: { a: "1" } },
  } as const;
  store.patch(at("configmaps", "a"), patch);
  const again = { ...patch, body: { ...patch.body, data: { a: "2" } } };
  expect(refusal(() => store.patch(at("configmaps", "a"), again)).reason).toBe("Conflict");
});

test("JSON patch tests, adds, replaces and removes", () => {
  const { store } = emptyStore();
  store.create("configmaps", configMap("a", { x: "1", y: "2" }));
  const body = [
    { op: "test", path: "/data/x", value: "1" },
    { op: "replace", path: "/data/x", value: "9" },
    { op: "remove", path: "/data/y" },
    { op: "add", path: "/metadata/labels", value: { a: "b" } },
  ];
  const { object } = store.patch(at("configmaps", "a"), { type: "json", body });
  expect(object).toMatchObject({ data: { x: "9" }, metadata: { labels: { a: "b" } } });
  expect(object.data).not.toHaveProperty("y");
});

const brokenJson: readonly (readonly [string, unknown, number])[] = [
  ["a failed test", [{ op: "test", path: "/data/x", value: "2" }], 422],
  ["a path that is not there", [{ op: "remove", path: "/data/nope" }], 422],
  ["a patch that is no list", { op: "add" }, 400],
  [
    "more than 10,000 operations",
    Array.from({ length: 10_001 }, () => ({ op: "test", path: "/data/x", value: "1" })),
    413,
  ],
];
for (const [what, body, code] of brokenJson) {
  test(`JSON patch answers ${code} to ${what} and changes nothing`, () => {
    const { store } = emptyStore();
    const made = store.create("configmaps", configMap("a", { x: "1" }));
    expect(refusal(() => store.patch(at("configmaps", "a"), { type: "json", body })).code).toBe(code);
    expect(store.get("configmaps", "default", "a")).toBe(made);
  });
}

test("a patch that changes nothing is no write", () => {
  const { store } = emptyStore();
  const made = store.create("pods", pod("a", {}, { labels: { a: "b" } }));
  const body = { metadata: { labels: { a: "b" } } };
  expect(store.patch(at("pods", "a"), { type: "merge", body }).object).toBe(made);
});

test("a patch of an absent object is not found", () => {
  const { store } = emptyStore();
  expect(refusal(() => store.patch(at("pods", "a"), { type: "merge", body: {} })).code).toBe(404);
});

test("a dry-run patch answers the result and stores nothing", () => {
  const { store } = emptyStore();
  const made = store.create("configmaps", configMap("a"));
  const { object } = store.patch(
    at("configmaps", "a"),
    { type: "merge", body: { data: { a: "1" } } },
    { dryRun: true },
  );
  expect(object.data).toEqual({ a: "1" });
  expect(store.get("configmaps", "default", "a")).toBe(made);
});
