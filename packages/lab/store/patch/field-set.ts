import { at, isTree, same, type Tree } from "../json-tree.ts";
import type { ListRule, Shape } from "./shape.ts";

/** A set of fields in the very form of fieldsV1: "f:name", `k:{"name":"x"}` and `v:"x"` elements, "." for itself. */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

const leaf: FieldSet = Object.freeze({});

function owns(set: FieldSet | undefined): boolean {
  if (!set) return false;
  for (const _ in set) return "." in set;
  return true;
}

/** Keeps an element by whether it is in a, in b; undefined when nothing is left. */
function combine(
  a: FieldSet | undefined,
  b: FieldSet | undefined,
  keep: (inA: boolean, inB: boolean) => boolean,
): FieldSet | undefined {
  if (!b) return keep(true, false) ? a : undefined;
  if (!a) return keep(false, true) ? b : undefined;
  const own = keep(owns(a), owns(b));
  const parts: Record<string, FieldSet> = {};
  for (const element of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const part = element === "." ? undefined : combine(a[element], b[element], keep);
    if (part) parts[element] = part;
  }
  return own ? withItself(parts) : orNone(parts);
}

function withItself(parts: FieldSet): FieldSet {
  return orNone(parts) ? { ".": leaf, ...parts } : leaf;
}

export function union(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function minus(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return combine(a, b, (inA, inB) => inA && !inB);
}

export function intersection(a: FieldSet | undefined, b: FieldSet | undefined): FieldSet | undefined {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** The element of a list item under its rule. */
export function elementOf(item: unknown, rule: Exclude<ListRule, "atomic">): string {
  if (rule === "set") return `v:${JSON.stringify(item)}`;
  const keys: Tree = {};
  for (const key of [...rule.keys].sort()) {
    const value = at(item, key) ?? (key === "protocol" ? "TCP" : undefined);
    if (value !== undefined) keys[key] = value;
  }
  return `k:${JSON.stringify(keys)}`;
}

/** All fields of a value. `dots`: as the owner by update, who owns a map that he made besides its entries. */
export function fieldsIn(value: unknown, shape: Shape, dots: boolean): FieldSet {
  if (isTree(value) && !shape.atomic) {
    const result: Record<string, FieldSet> = {};
    for (const field in value) result[`f:${field}`] = fieldsIn(value[field], shape.child(field), dots);
    return dots && shape.openMap && Object.keys(result).length > 0 ? { ".": leaf, ...result } : result;
  }
  if (Array.isArray(value) && shape.list !== "atomic") {
    const rule = shape.list;
    const parts = value.map((item): [string, FieldSet] => [elementOf(item, rule), itemFields(item, shape, dots)]);
    return Object.fromEntries(parts);
  }
  return leaf;
}

function itemFields(item: unknown, shape: Shape, dots: boolean): FieldSet {
  return isTree(item) ? { ".": leaf, ...fieldsIn(item, shape.item(), dots) } : leaf;
}

/** What a write did to the fields of an object. */
export interface FieldChanges {
  /** Added or given another value. */
  readonly touched: FieldSet | undefined;
  readonly removed: FieldSet | undefined;
}

const unchanged: FieldChanges = { touched: undefined, removed: undefined };

/** Compares by identity first: graft() has made equal parts identical. */
export function changesBetween(old: unknown, fresh: unknown, shape: Shape): FieldChanges {
  if (old === fresh) return unchanged;
  if (isTree(old) && isTree(fresh) && !shape.atomic) {
    const parts = new Map(Object.keys(fresh).map((field) => [`f:${field}`, fresh[field]]));
    const before = new Map(Object.keys(old).map((field) => [`f:${field}`, old[field]]));
    return gather(before, parts, (element) => shape.child(element.slice(2)));
  }
  if (Array.isArray(old) && Array.isArray(fresh) && shape.list !== "atomic") {
    const rule = shape.list;
    const keyed = (list: readonly unknown[]) => new Map(list.map((item) => [elementOf(item, rule), item]));
    return gather(keyed(old), keyed(fresh), () => shape.item(), shape);
  }
  return same(old, fresh) ? unchanged : { touched: leaf, removed: undefined };
}

function gather(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  shapeOf: (element: string) => Shape,
  list?: Shape,
): FieldChanges {
  const all = (value: unknown, element: string) =>
    list ? itemFields(value, list, true) : fieldsIn(value, shapeOf(element), true);
  const touched: Record<string, FieldSet> = {};
  const removed: Record<string, FieldSet> = {};
  for (const [element, value] of after) {
    const change = before.has(element)
      ? changesBetween(before.get(element), value, shapeOf(element))
      : { touched: all(value, element), removed: undefined };
    if (change.touched) touched[element] = change.touched;
    if (change.removed) removed[element] = change.removed;
  }
  for (const [element, value] of before) if (!after.has(element)) removed[element] = all(value, element);
  return { touched: orNone(touched), removed: orNone(removed) };
}

/** A set without elements is none. */
export function orNone(set: FieldSet): FieldSet | undefined {
  return Object.keys(set).length > 0 ? set : undefined;
}

/** The paths of a set's fields, as conflicts name them: `.spec.template.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet, prefix = ""): readonly string[] {
  const paths: string[] = [];
  for (const [element, part] of Object.entries(set)) {
    if (element === ".") continue;
    const path = prefix + stepOf(element);
    if (owns(part)) paths.push(path);
    paths.push(...pathsOf(part, path));
  }
  return paths;
}

function stepOf(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  const keys = JSON.parse(rest) as Tree;
  return `[${Object.entries(keys)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(",")}]`;
}

/** A copy of the value without the fields of `gone`; what `kept` owns below them stays. */
export function without(value: unknown, gone: FieldSet, kept: FieldSet | undefined, shape: Shape): unknown {
  if (isTree(value)) {
    const result: Tree = {};
    for (const field in value) {
      const part = cut(value[field], gone[`f:${field}`], kept?.[`f:${field}`], shape.child(field));
      if (part !== undefined) result[field] = part;
    }
    return result;
  }
  if (!Array.isArray(value) || shape.list === "atomic") return value;
  const rule = shape.list;
  return value
    .map((item) => {
      const element = elementOf(item, rule);
      return cut(item, gone[element], kept?.[element], shape.item());
    })
    .filter((item) => item !== undefined);
}

function cut(value: unknown, gone: FieldSet | undefined, kept: FieldSet | undefined, shape: Shape): unknown {
  if (!gone) return value;
  if (owns(gone) && !kept) return undefined;
  const rest = without(value, gone, kept, shape);
  const emptied = typeof rest === "object" && rest !== null && Object.keys(rest).length === 0;
  return emptied && !kept ? undefined : rest;
}
