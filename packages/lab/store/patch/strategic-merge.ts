import { badRequest } from "../api-error.ts";
import { isTree, same, stringsIn, type Tree, treesIn } from "../json-tree.ts";
import { placed } from "./apply.ts";
import type { Shape } from "./shape.ts";

const orderPrefix = "$setElementOrder/";
const primitivePrefix = "$deleteFromPrimitiveList/";

/** Kubernetes' strategic merge: lists with a merge key are merged item by item, directives are obeyed. */
export function strategicMerge(live: unknown, patch: Tree, shape: Shape): Tree | undefined {
  const directive = patch.$patch;
  if (directive === "delete") return undefined;
  const result: Tree = directive === "replace" || !isTree(live) ? {} : { ...live };
  if (Array.isArray(patch.$retainKeys)) retain(result, stringsIn(patch.$retainKeys));
  for (const field in patch) {
    if (field.startsWith(primitivePrefix)) removeScalars(result, field, patch[field]);
    else if (!field.startsWith("$")) mergeField(result, field, patch[field], shape.child(field));
  }
  for (const field in patch) {
    if (field.startsWith(orderPrefix)) reorder(result, field, patch[field], shape);
  }
  return result;
}

function retain(result: Tree, keys: readonly string[]): void {
  for (const field of Object.keys(result)) if (!keys.includes(field)) delete result[field];
}

function mergeField(result: Tree, field: string, patch: unknown, shape: Shape): void {
  const merged = mergeValue(result[field], patch, shape);
  if (merged === undefined) delete result[field];
  else result[field] = merged;
}

function mergeValue(live: unknown, patch: unknown, shape: Shape): unknown {
  if (patch === null) return undefined;
  if (isTree(patch)) return strategicMerge(live, patch, shape);
  if (!Array.isArray(patch) || shape.mergeKey === null) return patch;
  const list = Array.isArray(live) ? live : [];
  if (shape.mergeKey === "") return [...list, ...patch.filter((item) => !list.includes(item))];
  return mergeItems(list, patch, shape, shape.mergeKey);
}

function mergeItems(live: readonly unknown[], patch: readonly unknown[], shape: Shape, mergeKey: string): unknown[] {
  const items = treesIn(patch);
  const replace = items.some((item) => item.$patch === "replace" && !(mergeKey in item));
  const result = replace ? [] : [...live];
  for (const item of items) {
    if (!(mergeKey in item)) {
      if (item.$patch === "replace") continue;
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    }
    mergeItem(result, item, shape, mergeKey);
  }
  return result;
}

function mergeItem(result: unknown[], item: Tree, shape: Shape, mergeKey: string): void {
  const index = result.findIndex((each) => isTree(each) && same(each[mergeKey], item[mergeKey]));
  const merged = strategicMerge(result[index], item, shape.item());
  if (merged === undefined) {
    if (index >= 0) result.splice(index, 1);
  } else if (index >= 0) result[index] = merged;
  else result.push(merged);
}

function removeScalars(result: Tree, directive: string, gone: unknown): void {
  const field = directive.slice(primitivePrefix.length);
  const list = result[field];
  if (Array.isArray(list) && Array.isArray(gone)) result[field] = list.filter((item) => !gone.includes(item));
}

function reorder(result: Tree, directive: string, order: unknown, shape: Shape): void {
  const field = directive.slice(orderPrefix.length);
  const list = result[field];
  const { mergeKey } = shape.child(field);
  if (!Array.isArray(list) || !Array.isArray(order) || mergeKey === null) return;
  const keyOf = (item: unknown) => JSON.stringify(mergeKey && isTree(item) ? item[mergeKey] : item);
  const wanted = order.map(keyOf);
  const listed = list.filter((item) => wanted.includes(keyOf(item)));
  const ordered = listed.sort((a, b) => wanted.indexOf(keyOf(a)) - wanted.indexOf(keyOf(b)));
  const foreign = list.filter((item) => !wanted.includes(keyOf(item)));
  result[field] = placed(ordered, foreign, list, keyOf);
}
