import type { LabClock } from "../../clock.ts";
import type { KubeObject } from "../../objects.ts";
import type { ApiStore } from "../api-store.ts";
import type { Catalog } from "../catalog.ts";
import { at, isTree, same, type Tree, treesIn } from "../json-tree.ts";
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

/** Serves what CustomResourceDefinitions define, and clears it away when they go: the API server's own controllers. */
export function serveDefinitions(store: ApiStore, catalog: Catalog, clock: LabClock): void {
  const watched = new Set<string>();

  function now(): string {
    return new Date(clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
  }

  function changeStatus(name: string, change: (status: Tree, definition: KubeObject) => void): void {
    store.change(definitions, null, name, (copy) => change((copy.status ??= {}) as Tree, copy), {
      manager,
      subresource: "status",
    });
  }

  function establish(name: string): void {
    const clash = clashOf(name);
    changeStatus(name, (status, definition) => {
      if (definition.metadata.deletionTimestamp) return;
      if (!clash) status.acceptedNames = (definition.spec as Tree).names;
      status.conditions = withConditions(status.conditions, verdictOf(clash), now());
    });
    const definition = store.get(definitions, null, name);
    if (!definition || !isTrue(definition, "Established")) return;
    store.change(definitions, null, name, ({ metadata }) => {
      if (!metadata.finalizers?.includes(cleanup)) metadata.finalizers = [...(metadata.finalizers ?? []), cleanup];
    });
  }

  /** Another established definition of the group that has the same kind. */
  function clashOf(name: string): string | null {
    const mine = store.get(definitions, null, name)?.spec as Tree | undefined;
    const kind = at(mine, "names", "kind");
    const other = store.list(definitions).find((each) => {
      const spec = each.spec as Tree;
      const sameKind = spec.group === mine?.group && at(spec, "names", "kind") === kind;
      return each.metadata.name !== name && sameKind && isTrue(each, "NamesAccepted");
    });
    return other ? `"${String(kind)}" is already in use` : null;
  }

  function clear(definition: KubeObject): void {
    const { name } = resourceOf(definition);
    if (!treesIn(at(definition, "status", "conditions")).some(({ type }) => type === "Terminating")) {
      const message = "CustomResource deletion is in progress";
      changeStatus(definition.metadata.name, (status) => {
        const condition = conditionOf("Terminating", "True", "InstanceDeletionInProgress", message);
        status.conditions = withConditions(status.conditions, [condition], now());
      });
    }
    for (const { metadata } of store.list(name)) store.delete(name, metadata.namespace ?? null, metadata.name);
    release(definition.metadata.name, name);
  }

  /** The definition may go once its last object went. */
  function release(definition: string, resource: string): void {
    if (store.list(resource).length > 0) return;
    store.change(definitions, null, definition, ({ metadata }) => {
      metadata.finalizers = (metadata.finalizers ?? []).filter((each) => each !== cleanup);
    });
  }

  function awaitEmpty(definition: string, resource: string): void {
    if (watched.has(resource)) return;
    watched.add(resource);
    store.subscribe(resource, ({ type }) => {
      if (type === "DELETED" && store.get(definitions, null, definition)?.metadata.deletionTimestamp) {
        release(definition, resource);
      }
    });
  }

  store.subscribe(definitions, ({ type, object, old }) => {
    const resource = resourceOf(object);
    if (type === "DELETED") {
      catalog.unregister(resource.name);
      return;
    }
    if (isTrue(object, "Established")) catalog.register(resource);
    if (type === "ADDED") clock.after(establishMs, () => establish(object.metadata.name));
    else if (namesChanged(object, old)) clock.after(establishMs, () => establish(object.metadata.name));
    if (!object.metadata.deletionTimestamp || !object.metadata.finalizers?.includes(cleanup)) return;
    awaitEmpty(object.metadata.name, resource.name);
    clear(object);
  });
}

function namesChanged(object: KubeObject, old: KubeObject | null): boolean {
  const names = at(object, "spec", "names");
  return isTree(names) && old !== null && !same(names, at(old, "spec", "names"));
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
