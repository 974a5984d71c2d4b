import type { KubeObject } from "../../objects.ts";
import { emptyStore, make } from "./store-fixture.ts";

export const definitions = "apiextensions.k8s.io/customresourcedefinitions";
export const widgets = "lab.io/widgets";

const spec = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 10 },
    colour: { type: "string", enum: ["red", "blue"], default: "red" },
    cidr: { type: "string", pattern: "^[0-9./]+$" },
    port: { "x-kubernetes-int-or-string": true },
    tags: { type: "array", maxItems: 2, items: { type: "string", minLength: 2 } },
    limits: { type: "object", additionalProperties: { type: "integer" } },
    raw: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    rules: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: { type: "object", properties: { name: { type: "string" }, allow: { type: "boolean", default: true } } },
    },
  },
};
export const version = (name: string, fields: object = {}) => ({
  name,
  served: true,
  storage: name === "v1",
  schema: {
    openAPIV3Schema: {
      type: "object",
      properties: { spec, status: { type: "object", properties: { ready: { type: "boolean" } } } },
    },
  },
  subresources: { status: {} },
  additionalPrinterColumns: [{ name: "Size", type: "integer", jsonPath: ".spec.size" }],
  ...fields,
});
export const names = { plural: "widgets", kind: "Widget", shortNames: ["wd"], categories: ["lab"] };
export const definition = (fields: object = {}): KubeObject =>
  make("apiextensions.k8s.io/v1", "CustomResourceDefinition", "widgets.lab.io", {
    spec: { group: "lab.io", scope: "Namespaced", names, versions: [version("v1"), version("v1alpha1")], ...fields },
  });

export async function served(fields: object = {}) {
  const { store, clock } = emptyStore();
  store.create(definitions, definition(fields));
  await clock.advance(200);
  const create = (widget: object, more: object = {}) =>
    store.create(widgets, make("lab.io/v1", "Widget", "w", { spec: widget, ...more }));
  return { store, clock, create };
}
export const target = (name = "w", apiVersion?: string) => ({
  resource: widgets,
  namespace: "default",
  name,
  ...(apiVersion ? { version: apiVersion } : {}),
});
