import type { LabClock } from "../../clock.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { Catalog } from "../catalog.ts";
import { timestamp } from "../deletion-mark.ts";
import { at, isTree, same, type Tree, text, treeAt, treesIn } from "../json-tree.ts";
import { resourceOf } from "./resource-of.ts";

const definitions = "apiextensions.k8s.io/customresourcedefinitions";
const cleanup = "customresourcecleanup.apiextensions.k8s.io";
const manager = "kube-apiserver";

/** Lab time from a definition's creation until its resources are served. */
const establishMs = 200;

function conditionOf(type: string, status: string, reason: string, message: string): Tree {
  return { type, status, reason, message };
}

/** Replaces conditions by type; the time of an unchanged status stays. */
function withConditions(old: unknown, fresh: readonly Tree[], now: string): Tree[] {
  const before = treesIn(old);
  const timed = fresh.map((condition) => {
    const was = before.find(({ type }) => type === condition.type);
    const time = was && was.status === condition.status ? was.lastTransitionTime : now;
    return { lastTransitionTime: time, ...condition };
  });
  return [...before.filter(({ type }) => !fresh.some((each) => each.type === type)), ...timed];
}

function isTrue(definition: KubeObject, type: string): boolean {
  return treesIn(at(definition, "status", "conditions")).some((each) => each.type === type && each.status === "True");
}

/** What the definitions are served with. */
interface Serving {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly clock: LabClock;
}

/** Serves what CustomResourceDefinitions define, and clears it away when they go: the API server's own controllers. */
export function serveDefinitions(serving: Serving): void {
  const { store, catalog, clock } = serving;
  const watched = new Set<string>();
  store.subscribe(definitions, ({ type, object, old }) => {
    const { name } = object.metadata;
    const resource = resourceOf(object);
    if (type === "DELETED") {
      catalog.unregister(resource.name);
      return;
    }
    if (isTrue(object, "Established")) catalog.register(resource);
    if (!old || namesChanged(object, old)) clock.after(establishMs, () => establish(serving, name));
    if (!object.metadata.deletionTimestamp || !object.metadata.finalizers?.includes(cleanup)) return;
    if (!watched.has(resource.name)) {
      watched.add(resource.name);
      awaitEmpty(store, name, resource.name);
    }
    clear(serving, object);
  });
}

function changeStatus({ store, clock }: Serving, name: string, change: (status: Tree, now: string) => void): void {
  const now = timestamp(clock.now());
  store.change(definitions, null, name, (copy) => change(treeAt(copy, "status"), now), {
    manager,
    subresource: "status",
  });
}

function establish(serving: Serving, name: string): void {
  const { store } = serving;
  const definition = store.get(definitions, null, name);
  if (!definition || definition.metadata.deletionTimestamp) return;
  const clash = clashOf(store, definition);
  changeStatus(serving, name, (status, now) => {
    if (!clash) status.acceptedNames = (definition.spec as Tree).names;
    status.conditions = withConditions(status.conditions, verdictOf(clash), now);
  });
  if (clash) return;
  store.change(definitions, null, name, ({ metadata }) => {
    if (!metadata.finalizers?.includes(cleanup)) metadata.finalizers = [...(metadata.finalizers ?? []), cleanup];
  });
}

/** Another accepted definition of the group that has the same kind. */
function clashOf(store: Store, definition: KubeObject): string | null {
  const mine = definition.spec as Tree;
  const kind = at(mine, "names", "kind");
  const other = store.list(definitions).find((each) => {
    const spec = each.spec as Tree;
    const sameKind = spec.group === mine.group && at(spec, "names", "kind") === kind;
    return each.metadata.name !== definition.metadata.name && sameKind && isTrue(each, "NamesAccepted");
  });
  return other ? `"${text(kind)}" is already in use` : null;
}

function clear(serving: Serving, definition: KubeObject): void {
  const { store } = serving;
  const { name } = resourceOf(definition);
  if (!treesIn(at(definition, "status", "conditions")).some(({ type }) => type === "Terminating")) {
    const message = "CustomResource deletion is in progress";
    changeStatus(serving, definition.metadata.name, (status, now) => {
      const condition = conditionOf("Terminating", "True", "InstanceDeletionInProgress", message);
      status.conditions = withConditions(status.conditions, [condition], now);
    });
  }
  for (const { metadata } of store.list(name)) store.delete(name, metadata.namespace ?? null, metadata.name);
  release(store, definition.metadata.name, name);
}

/** The definition may go once its last object went. */
function release(store: Store, definition: string, resource: string): void {
  if (store.list(resource).length > 0) return;
  store.change(definitions, null, definition, ({ metadata }) => {
    metadata.finalizers = (metadata.finalizers ?? []).filter((each) => each !== cleanup);
  });
}

function awaitEmpty(store: Store, definition: string, resource: string): void {
  store.subscribe(resource, ({ type }) => {
    const ending = store.get(definitions, null, definition)?.metadata.deletionTimestamp;
    if (type === "DELETED" && ending) release(store, definition, resource);
  });
}

function namesChanged(object: KubeObject, old: KubeObject): boolean {
  const names = at(object, "spec", "names");
  return isTree(names) && !same(names, at(old, "spec", "names"));
}

function verdictOf(clash: string | null): Tree[] {
  if (clash) {
    return [
      conditionOf("NamesAccepted", "False", "KindConflict", clash),
      conditionOf("Established", "False", "NotAccepted", "not all names are accepted"),
    ];
  }
  return [
    conditionOf("NamesAccepted", "True", "NoConflicts", "no conflicts found"),
    conditionOf("Established", "True", "InitialNamesAccepted", "the initial names have been accepted"),
  ];
}
