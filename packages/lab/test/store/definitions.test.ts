import { expect, test } from "vitest";
import type { KubeObject } from "../../objects.ts";
import { emptyStore, field, refusal } from "./store-fixture.ts";
import { definition, definitions, names, served, version, widgets } from "./widget-fixture.ts";

const valid = { size: 3 };

test("deleting a definition deletes its objects and takes the resource away", async () => {
  const { store, create } = await served();
  create(valid);
  const events: string[] = [];
  store.subscribe(widgets, ({ type }) => events.push(type));
  store.delete(definitions, null, "widgets.lab.io");
  expect(events).toEqual(["ADDED", "DELETED"]);
  expect(store.get(definitions, null, "widgets.lab.io")).toBeUndefined();
  expect(store.resource(widgets)).toBeUndefined();
  expect(refusal(() => store.listAt(widgets)).code).toBe(404);
});

test("an object with a finalizer holds its definition", async () => {
  const { store, create } = await served();
  create(valid, { metadata: { finalizers: ["x/hold"] } });
  store.delete(definitions, null, "widgets.lab.io");
  const waiting = store.get(definitions, null, "widgets.lab.io");
  expect(field(waiting, "status.conditions")).toContainEqual(expect.objectContaining({ type: "Terminating" }));
  store.change(widgets, "default", "w", ({ metadata }) => {
    metadata.finalizers = [];
  });
  expect(store.get(definitions, null, "widgets.lab.io")).toBeUndefined();
});

test("a definition can come back after it went", async () => {
  const { store, clock, create } = await served();
  store.delete(definitions, null, "widgets.lab.io");
  store.create(definitions, definition());
  await clock.advance(200);
  expect(create(valid).kind).toBe("Widget");
});

test("a kind that another definition of the group has is not accepted", async () => {
  const { store, clock } = await served();
  const other = { ...definition({ names: { ...names, plural: "gadgets" } }), metadata: { name: "gadgets.lab.io" } };
  store.create(definitions, other);
  await clock.advance(200);
  expect(field(store.get(definitions, null, "gadgets.lab.io"), "status.conditions")).toMatchObject([
    { type: "NamesAccepted", status: "False" },
    { type: "Established", status: "False" },
  ]);
  expect(store.resource("lab.io/gadgets")).toBeUndefined();
});

const brokenDefinitions: readonly (readonly [string, KubeObject, RegExp])[] = [
  [
    "a name that is not plural.group",
    { ...definition(), metadata: { name: "x.lab.io" } },
    /must be spec\.names\.plural\+"\."\+spec\.group/,
  ],
  [
    "two storage versions",
    definition({ versions: [version("v1"), version("v2", { storage: true })] }),
    /must have exactly one version marked as storage version/,
  ],
  [
    "no schema",
    definition({ versions: [version("v1", { schema: undefined })] }),
    /schema\.openAPIV3Schema: Required value: schemas are required/,
  ],
  [
    "an untyped property",
    definition({
      versions: [version("v1", { schema: { openAPIV3Schema: { type: "object", properties: { spec: {} } } } })],
    }),
    /properties\[spec\]\.type: Required value: must not be empty/,
  ],
  ["an unknown scope", definition({ scope: "Galaxy" }), /spec\.scope: Unsupported value: "Galaxy"/],
];
for (const [what, object, message] of brokenDefinitions) {
  test(`a definition is refused for ${what}`, () => {
    const { store } = emptyStore();
    expect(refusal(() => store.create(definitions, object)).message).toMatch(message);
  });
}

test("a changed definition changes what is served", async () => {
  const { store } = await served();
  store.change(definitions, null, "widgets.lab.io", (copy) => {
    (copy.spec as { versions: object[] }).versions = [version("v1"), version("v1alpha1"), version("v2alpha1")];
  });
  expect(store.resource(widgets)?.versions.map((each) => each.version)).toEqual(["v1", "v2alpha1", "v1alpha1"]);
});

test("what a later definition may bring can be read and subscribed to, and is empty", () => {
  const { store } = emptyStore();
  expect(store.list("cilium.io/ciliumnodes")).toEqual([]);
  expect(store.get("cilium.io/ciliumnodes", null, "n")).toBeUndefined();
  expect(store.subscribe("cilium.io/ciliumnodes", () => undefined)).toBeTypeOf("function");
});

test("a misspelt built-in resource is refused even for reading", () => {
  const { store } = emptyStore();
  expect(refusal(() => store.list("apps/deployment")).code).toBe(404);
});
