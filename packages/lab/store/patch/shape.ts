import { isTree, stringsIn } from "../json-tree.ts";
import type { Schema } from "../resource.ts";

/** How a list is owned and merged: as one value, as a set of scalars, or by keys of its items. */
export type ListRule = "atomic" | "set" | { readonly keys: readonly string[] };

/** What the merging patches have to know about a place in an object. */
export interface Shape {
  /** For server-side apply. */
  readonly list: ListRule;
  /** For strategic merge: the key of items, "" for a list of scalars that is merged, null for one that is replaced. */
  readonly mergeKey: string | null;
  /** An object that has one owner as a whole. */
  readonly atomic: boolean;
  /** A map of strings rather than a struct: an owner of its entries may own the map too. */
  readonly openMap: boolean;
  child(field: string): Shape;
  item(): Shape;
}

interface Rule {
  readonly list: ListRule;
  readonly mergeKey: string | null;
}

const by = (...keys: readonly string[]): Rule => ({ list: { keys }, mergeKey: keys[0] ?? null });
const port = by("containerPort", "protocol");

/** Lists of the built-in kinds that merge, by field name, or parent and field where the name means several things. */
const lists: Record<string, Rule> = {
  containers: by("name"),
  initContainers: by("name"),
  ephemeralContainers: by("name"),
  volumes: by("name"),
  env: by("name"),
  volumeMounts: by("mountPath"),
  volumeDevices: by("devicePath"),
  "containers.ports": port,
  "initContainers.ports": port,
  "ephemeralContainers.ports": port,
  "spec.ports": by("port", "protocol"),
  imagePullSecrets: by("name"),
  secrets: by("name"),
  hostAliases: by("ip"),
  topologySpreadConstraints: by("topologyKey", "whenUnsatisfiable"),
  schedulingGates: by("name"),
  resourceClaims: by("name"),
  ownerReferences: by("uid"),
  conditions: by("type"),
  webhooks: by("name"),
  "status.addresses": by("type"),
  "status.podIPs": by("ip"),
  "status.hostIPs": { list: "atomic", mergeKey: "ip" },
  "status.volumesAttached": { list: "atomic", mergeKey: "name" },
  "metadata.finalizers": { list: "set", mergeKey: "" },
  "spec.podCIDRs": { list: "set", mergeKey: "" },
};

/** Objects that upstream's types mark as atomic: selectors and references. */
const atomics = new Set(
  (
    "selector nodeSelector labelSelector podSelector namespaceSelector objectSelector roleRef scaleTargetRef claimRef " +
    "involvedObject related targetRef secretRef configMapKeyRef secretKeyRef fieldRef resourceFieldRef " +
    "requiredDuringSchedulingIgnoredDuringExecution"
  ).split(" "),
);

const openMaps = new Set(
  "labels annotations data binaryData stringData limits requests rollingUpdate capacity allocatable parameters".split(
    " ",
  ),
);

const replaced: Rule = { list: "atomic", mergeKey: null };
const known = new Map<string, Shape>();

function builtin(parent: string, field: string): Shape {
  const key = `${parent}.${field}`;
  let shape = known.get(key);
  if (!shape) {
    const rule = lists[key] ?? lists[field] ?? replaced;
    const made: Shape = {
      ...rule,
      atomic: atomics.has(field),
      openMap: openMaps.has(field),
      child: (next) => builtin(field, next),
      item: () => made,
    };
    known.set(key, made);
    shape = made;
  }
  return shape;
}

/** The root of a built-in kind. */
export const builtinShape: Shape = builtin("", "");

const untyped: Shape = {
  ...replaced,
  atomic: false,
  openMap: true,
  child: () => untyped,
  item: () => untyped,
};

function listRule(schema: Schema): ListRule {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") return "set";
  if (type === "map") return { keys: stringsIn(schema["x-kubernetes-list-map-keys"]) };
  return "atomic";
}

function fromSchema(schema: unknown): Shape {
  if (!isTree(schema)) return untyped;
  const properties = isTree(schema.properties) ? schema.properties : null;
  return {
    list: listRule(schema),
    mergeKey: null,
    atomic: schema["x-kubernetes-map-type"] === "atomic",
    openMap: properties === null,
    child: (field) => fromSchema(properties?.[field] ?? schema.additionalProperties),
    item: () => fromSchema(schema.items),
  };
}

/** The root of a custom resource; its metadata is everybody's. */
export function customShape(schema: Schema): Shape {
  const root = fromSchema(schema);
  return { ...root, child: (field) => (field === "metadata" ? builtin("", "metadata") : root.child(field)) };
}
