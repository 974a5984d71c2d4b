import type { KubeObject, ResourceName, Store } from "../objects.ts";

/** What one object of a kind comes down to for those who watch it; null for "of no interest". */
export type Project<P> = (object: KubeObject) => P | null;

interface Shared<P> {
  readonly values: Map<string, { readonly text: string; readonly value: P }>;
  readonly listeners: Set<(name: string, value: P | null) => void>;
}

/**
 * One subscription for any number of watchers on every node: each is told only when the projection of an object changed, so
 * that heartbeats of 500 nodes do not wake 500 daemons each. Existing objects are told first.
 */
export class ProjectedWatch<P> {
  readonly #resource: ResourceName;
  readonly #project: Project<P>;
  readonly #shared = new WeakMap<Store, Shared<P>>();

  constructor(resource: ResourceName, project: Project<P>) {
    this.#resource = resource;
    this.#project = project;
  }

  subscribe(store: Store, listener: (name: string, value: P | null) => void): () => void {
    const { values, listeners } = this.#shared.get(store) ?? this.#open(store);
    for (const [name, { value }] of values) listener(name, value);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  #open(store: Store): Shared<P> {
    const shared: Shared<P> = { values: new Map(), listeners: new Set() };
    this.#shared.set(store, shared);
    store.subscribe(this.#resource, ({ type, object }) => {
      const value = type === "DELETED" ? null : this.#project(object);
      const { name } = object.metadata;
      const text = JSON.stringify(value);
      if ((shared.values.get(name)?.text ?? "null") === text) return;
      if (value === null) shared.values.delete(name);
      else shared.values.set(name, { text, value });
      for (const listener of shared.listeners) listener(name, value);
    });
    return shared;
  }
}
