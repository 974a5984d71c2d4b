import { clone, isTree, type Tree } from "../json-tree.ts";

const always = new Set(["apiVersion", "kind", "metadata"]);

/** Drops what the schema does not name, as structural schemas demand; changes the draft. */
export function prune(object: Tree, schema: Tree): void {
  pruneTree(object, schema, true);
}

function pruneTree(tree: Tree, schema: Tree, whole: boolean): void {
  const properties = isTree(schema.properties) ? schema.properties : {};
  const others = schema.additionalProperties;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || others === true;
  for (const field of Object.keys(tree)) {
    if (whole && always.has(field)) continue;
    const part = properties[field] ?? (isTree(others) ? others : undefined);
    if (isTree(part)) pruneValue(tree[field], part);
    else if (!open) delete tree[field];
  }
}

function pruneValue(value: unknown, schema: Tree): void {
  if (isTree(value)) pruneTree(value, schema, schema["x-kubernetes-embedded-resource"] === true);
  else if (Array.isArray(value) && isTree(schema.items)) for (const item of value) pruneValue(item, schema.items);
}

/** Fills defaults of the schema, also below objects that are there only in part; changes the draft. */
export function fillDefaults(value: unknown, schema: Tree): void {
  if (Array.isArray(value)) {
    if (isTree(schema.items)) for (const item of value) fillDefaults(item, schema.items);
    return;
  }
  if (isTree(value)) fillTree(value, schema);
}

function fillTree(tree: Tree, schema: Tree): void {
  const properties = isTree(schema.properties) ? schema.properties : {};
  for (const [field, part] of Object.entries(properties)) {
    if (!isTree(part)) continue;
    if (tree[field] === undefined && part.default !== undefined) tree[field] = clone(part.default);
    fillDefaults(tree[field], part);
  }
  const others = schema.additionalProperties;
  if (!isTree(others)) return;
  for (const field of Object.keys(tree)) if (!(field in properties)) fillDefaults(tree[field], others);
}
