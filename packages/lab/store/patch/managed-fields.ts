import type { KubeObject } from "../../objects.ts";
import { isTree, type Tree } from "../json-tree.ts";
import { changesBetween, type FieldSet, fieldsIn, minus, union } from "./field-set.ts";
import type { Shape } from "./shape.ts";

/** One entry of metadata.managedFields. */
export interface ManagedFields {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: FieldSet;
  readonly subresource?: string;
}

/** Who writes. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource?: string;
}

const systemFields = new Set(
  (
    "name namespace uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds " +
    "selfLink managedFields generateName"
  ).split(" "),
);

/** The part of an object that has owners; identical parts stay identical. */
export function ownable(object: Tree): Tree {
  const result: Tree = {};
  for (const field in object) {
    if (field !== "apiVersion" && field !== "kind" && field !== "metadata") result[field] = object[field];
  }
  const metadata = ownableMetadata(object.metadata);
  return Object.keys(metadata).length > 0 ? { metadata, ...result } : result;
}

function ownableMetadata(metadata: unknown): Tree {
  const result: Tree = {};
  if (isTree(metadata)) for (const field in metadata) if (!systemFields.has(field)) result[field] = metadata[field];
  return result;
}

export function managersOf(object: KubeObject): readonly ManagedFields[] {
  return (object.metadata.managedFields ?? []) as readonly ManagedFields[];
}

export function isSameManager(a: Omit<Writer, "time">, b: Omit<Writer, "time">): boolean {
  return a.manager === b.manager && a.operation === b.operation && (a.subresource ?? "") === (b.subresource ?? "");
}

/** Objects of one workload have the same fields: sharing their sets keeps 20,000 pods small. */
const shared = new Map<string, FieldSet>();
const sharedLimit = 4_000;

function share(set: FieldSet): FieldSet {
  const text = JSON.stringify(set);
  const there = shared.get(text);
  if (there) return there;
  if (shared.size >= sharedLimit) shared.clear();
  shared.set(text, set);
  return set;
}

export function entryOf(writer: Writer, fields: FieldSet): ManagedFields {
  const { manager, operation, apiVersion, time, subresource } = writer;
  const entry = { manager, operation, apiVersion, time, fieldsType: "FieldsV1" as const, fieldsV1: share(fields) };
  return subresource ? { ...entry, subresource } : entry;
}

/** The entries after a write that is no apply: the writer owns what it touched, and nobody what it removed. */
export function ownedAfterUpdate(
  old: KubeObject | null,
  fresh: KubeObject,
  writer: Writer,
  shape: Shape,
): readonly ManagedFields[] {
  if (!old) return [entryOf(writer, fieldsIn(ownable(fresh), shape, true))];
  const { touched, removed } = changesBetween(ownable(old), ownable(fresh), shape);
  if (!touched && !removed) return managersOf(old);
  const lost = union(touched, removed);
  const entries: ManagedFields[] = [];
  let mine: FieldSet | undefined;
  for (const entry of managersOf(old)) {
    if (isSameManager(entry, writer)) mine = union(mine, entry.fieldsV1);
    else entries.push(...reduced(entry, minus(entry.fieldsV1, lost)));
  }
  const owned = union(minus(mine, removed), touched);
  return owned ? [...entries, entryOf(writer, owned)] : entries;
}

/** The entry with fewer fields; gone when none is left, itself when nothing changed. */
export function reduced(entry: ManagedFields, fields: FieldSet | undefined): readonly ManagedFields[] {
  if (!fields) return [];
  const text = JSON.stringify(fields);
  return text === JSON.stringify(entry.fieldsV1) ? [entry] : [{ ...entry, fieldsV1: share(fields) }];
}
