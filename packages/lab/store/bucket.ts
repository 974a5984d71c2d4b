import type { KubeObject } from "../objects.ts";

/** A committed change; `revision` is its resourceVersion as a number. */
export interface Commit {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly old: KubeObject | null;
  readonly revision: number;
}

const none: readonly KubeObject[] = Object.freeze([]);
const byName = (a: KubeObject, b: KubeObject) => (a.metadata.name < b.metadata.name ? -1 : 1);

/** The objects of one resource, by namespace and name, and the newest of their changes. */
export class Bucket {
  readonly #namespaces = new Map<string, Map<string, KubeObject>>();
  readonly #lists = new Map<string, readonly KubeObject[]>();
  readonly #sorted = new Map<string, readonly KubeObject[]>();
  readonly #limit: number;
  #history: Commit[] = [];
  /** Revisions up to this one cannot be replayed any more. */
  #lostUpTo = 0;

  constructor(historyLimit: number) {
    this.#limit = historyLimit;
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  get empty(): boolean {
    return this.#namespaces.size === 0;
  }

  /** In order of creation; all namespaces when null. The array is shared until the next change. */
  list(namespace: string | null): readonly KubeObject[] {
    const key = namespace ?? "*";
    let list = this.#lists.get(key);
    if (!list) {
      list = Object.freeze(namespace === null ? this.#everything() : this.#inNamespace(namespace));
      this.#lists.set(key, list);
    }
    return list;
  }

  /** By namespace, then name. */
  sorted(namespace: string | null): readonly KubeObject[] {
    const key = namespace ?? "*";
    let list = this.#sorted.get(key);
    if (!list) {
      const names = namespace === null ? [...this.#namespaces.keys()].sort() : [namespace];
      list = Object.freeze(names.flatMap((each) => this.#inNamespace(each).sort(byName)));
      this.#sorted.set(key, list);
    }
    return list;
  }

  apply(commit: Commit): void {
    const { namespace = "", name } = commit.object.metadata;
    if (commit.type === "DELETED") this.#take(namespace, name);
    else this.#put(namespace, name, commit.object);
    for (const key of ["*", namespace]) {
      this.#lists.delete(key);
      this.#sorted.delete(key);
    }
    this.#remember(commit);
  }

  /** The changes after a revision, or null when they are no longer known. */
  since(revision: number): readonly Commit[] | null {
    if (revision < this.#lostUpTo) return null;
    let low = 0;
    let high = this.#history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#history[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#history.slice(low);
  }

  get lostUpTo(): number {
    return this.#lostUpTo;
  }

  forget(revision: number): void {
    this.#history = [];
    this.#lostUpTo = revision;
  }

  #everything(): KubeObject[] {
    const all: KubeObject[] = [];
    for (const objects of this.#namespaces.values()) for (const object of objects.values()) all.push(object);
    return all;
  }

  #inNamespace(namespace: string): KubeObject[] {
    const objects = this.#namespaces.get(namespace);
    return objects ? [...objects.values()] : [...none];
  }

  #put(namespace: string, name: string, object: KubeObject): void {
    let objects = this.#namespaces.get(namespace);
    if (!objects) {
      objects = new Map();
      this.#namespaces.set(namespace, objects);
    }
    objects.set(name, object);
  }

  #take(namespace: string, name: string): void {
    const objects = this.#namespaces.get(namespace);
    objects?.delete(name);
    if (objects?.size === 0) this.#namespaces.delete(namespace);
  }

  /** Trims in bulk: shifting an array by one on each write would be linear. */
  #remember(commit: Commit): void {
    this.#history.push(commit);
    if (this.#history.length < this.#limit * 2) return;
    const cut = this.#history.length - this.#limit;
    this.#lostUpTo = this.#history[cut - 1]?.revision ?? this.#lostUpTo;
    this.#history = this.#history.slice(cut);
  }
}
