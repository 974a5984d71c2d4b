import { expect, test } from "vitest";
import { emptyStore, field, make, refusal } from "./store-fixture.ts";
import { definition, definitions, served, target, version, widgets } from "./widget-fixture.ts";

test("a definition is served once it is established, a moment after its creation", async () => {
  const { store, clock } = emptyStore();
  store.create(definitions, definition());
  const body = make("lab.io/v1", "Widget", "w", { spec: { size: 1 } });
  expect(refusal(() => store.create(widgets, body)).code).toBe(404);
  await clock.advance(200);
  const conditions = field(store.get(definitions, null, "widgets.lab.io"), "status.conditions");
  expect(conditions).toMatchObject([
    { type: "NamesAccepted", status: "True", reason: "NoConflicts" },
    { type: "Established", status: "True", reason: "InitialNamesAccepted" },
  ]);
  expect(store.create(widgets, body).metadata.generation).toBe(1);
});

test("the registry shows a served definition with its names, versions and columns", async () => {
  const { store } = await served();
  expect(store.resource(widgets)).toMatchObject({
    group: "lab.io",
    kind: "Widget",
    singular: "widget",
    listKind: "WidgetList",
    shortNames: ["wd"],
    categories: ["lab"],
    namespaced: true,
    custom: true,
    versions: [{ version: "v1", storage: true, printerColumns: [{ name: "Size" }] }, { version: "v1alpha1" }],
  });
});

const valid = { size: 3 };
const wrong: readonly (readonly [string, object, RegExp])[] = [
  ["a missing field", {}, /^Widget\.lab\.io "w" is invalid: spec\.size: Required value$/],
  [
    "a wrong type",
    { size: "3" },
    /spec\.size: Invalid value: "string": spec\.size in body must be of type integer: "string"/,
  ],
  ["a fraction for an integer", { size: 1.5 }, /must be of type integer: "number"/],
  [
    "less than the minimum",
    { size: 0 },
    /spec\.size: Invalid value: 0: spec\.size in body should be greater than or equal to 1/,
  ],
  ["more than the maximum", { size: 11 }, /should be less than or equal to 10/],
  [
    "what the enum lacks",
    { ...valid, colour: "pink" },
    /spec\.colour: Unsupported value: "pink": supported values: "red", "blue"/,
  ],
  ["what the pattern refuses", { ...valid, cidr: "ten" }, /spec\.cidr in body should match '\^\[0-9\.\/\]\+\$'/],
  ["a boolean for int-or-string", { ...valid, port: true }, /must be of type integer or string: "boolean"/],
  ["a short item", { ...valid, tags: ["a"] }, /spec\.tags\[0\] in body should be at least 2 chars long/],
  ["too many items", { ...valid, tags: ["aa", "bb", "cc"] }, /spec\.tags: Too many: 3: must have at most 2 items/],
  ["a wrong value in a map", { ...valid, limits: { cpu: "1" } }, /spec\.limits\.cpu in body must be of type integer/],
  [
    "two items of one key",
    { ...valid, rules: [{ name: "a" }, { name: "a" }] },
    /spec\.rules\[1\]: Duplicate value: \{"name":"a"\}/,
  ],
];
for (const [what, widget, message] of wrong) {
  test(`a custom resource is refused for ${what}`, async () => {
    const { create } = await served();
    const error = refusal(() => create(widget));
    expect([error.code, error.reason]).toEqual([422, "Invalid"]);
    expect(error.message).toMatch(message);
  });
}

test("unknown fields are pruned, but for those that the schema preserves", async () => {
  const { create } = await served();
  const made = create({ ...valid, unknown: 1, raw: { any: 1 } }, { extra: true });
  expect(made).not.toHaveProperty("extra");
  expect(made.spec).toEqual({ size: 3, colour: "red", raw: { any: 1 } });
});

test("defaults reach into list items", async () => {
  const { create } = await served();
  expect(field(create({ ...valid, rules: [{ name: "a" }] }), "spec.rules")).toEqual([{ name: "a", allow: true }]);
});

test("int-or-string takes both", async () => {
  const { create, store } = await served();
  expect(field(create({ ...valid, port: "http" }), "spec.port")).toBe("http");
  const { object } = store.patch(target(), { type: "merge", body: { spec: { port: 80 } } });
  expect(field(object, "spec.port")).toBe(80);
});

test("status is isolated where the version has the subresource", async () => {
  const { store, create } = await served();
  expect(create(valid, { status: { ready: true } })).not.toHaveProperty("status");
  const body = { spec: { size: 9 }, metadata: { labels: { a: "b" } }, status: { ready: true } };
  const { object } = store.patch(target(), { type: "merge", body }, { subresource: "status" });
  expect(object).toMatchObject({ spec: { size: 3 }, status: { ready: true }, metadata: { generation: 1 } });
  expect(object.metadata.labels).toBeUndefined();
});

test("without the subresource status is a field like others and counts for the generation", async () => {
  const { store, create } = await served({ versions: [version("v1", { subresources: undefined })] });
  expect(create(valid, { status: { ready: true } }).status).toEqual({ ready: true });
  const { object } = store.patch(target(), { type: "merge", body: { status: { ready: false } } });
  expect(object.metadata.generation).toBe(2);
});

test("each version shows the same object under its own apiVersion", async () => {
  const { store } = await served();
  const body = make("lab.io/v1alpha1", "Widget", "w", { spec: valid });
  const made = store.post(target("", "v1alpha1"), body);
  expect(made.apiVersion).toBe("lab.io/v1alpha1");
  expect(store.read(target()).apiVersion).toBe("lab.io/v1");
  expect(store.listAt(widgets, null, "v1alpha1").items).toEqual([made]);
  const events: string[] = [];
  store.watch(widgets, { version: "v1alpha1" }, ({ object }) => events.push(object.apiVersion));
  expect(events).toEqual(["lab.io/v1alpha1"]);
});

test("a version that is not served is not found", async () => {
  const { store } = await served({ versions: [version("v1"), version("v1alpha1", { served: false })] });
  expect(refusal(() => store.read(target("w", "v1alpha1"))).code).toBe(404);
});

test("a strategic merge of a custom resource is an unsupported media type", async () => {
  const { store, create } = await served();
  create(valid);
  expect(refusal(() => store.patch(target(), { type: "strategic", body: {} })).code).toBe(415);
});

test("server-side apply merges lists by the keys of the schema", async () => {
  const { store } = await served();
  const wish = (rules: object[], more: object = {}) => make("lab.io/v1", "Widget", "w", { spec: { ...more, rules } });
  const apply = (manager: string, body: object) => store.patch(target(), { type: "apply", body }, { manager });
  apply("a", wish([{ name: "x" }], { size: 1 }));
  apply("b", wish([{ name: "y", allow: false }]));
  const { object } = apply("a", wish([{ name: "x", allow: true }], { size: 1 }));
  expect(field(object, "spec.rules")).toEqual([
    { name: "x", allow: true },
    { name: "y", allow: false },
  ]);
});

test("a PUT of a custom resource must say its resourceVersion", async () => {
  const { store, create } = await served();
  const made = create(valid);
  expect(refusal(() => store.put(target(), make("lab.io/v1", "Widget", "w", { spec: valid }))).code).toBe(422);
  expect(store.put(target(), made).object).toBe(made);
});
