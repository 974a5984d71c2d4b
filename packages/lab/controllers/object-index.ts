import type { KubeObject, ResourceName, Store } from "../objects.ts";
import { keyOf } from "./object-key.ts";

/** Objects by what they say of themselves: their owner's uid, their labels, … */
export interface ObjectIndex<T extends KubeObject> {
  /** In order of name, so that runs with one seed go alike. */
  get(key: string): readonly T[];
  count(key: string): number;
  readonly stop: () => void;
}

/** Keeps an index up to date; make it before the subscription that reads it. */
export function indexObjects<T extends KubeObject>(
  store: Store,
  resource: ResourceName,
  keysOf: (object: T) => readonly string[],
): ObjectIndex<T> {
  const buckets = new Map<string, Map<string, T>>();
  const drop = (key: string, id: string) => {
    const bucket = buckets.get(key);
    bucket?.delete(id);
    if (!bucket?.size) buckets.delete(key);
  };
  const put = (key: string, id: string, object: T) => {
    const bucket = buckets.get(key) ?? new Map<string, T>();
    bucket.set(id, object);
    buckets.set(key, bucket);
  };
  const stop = store.subscribe<T>(resource, ({ type, object, old }) => {
    const id = keyOf(object);
    const before = old ?? (type === "DELETED" ? object : null);
    const keys = type === "DELETED" ? [] : keysOf(object);
    for (const key of before ? keysOf(before) : []) if (!keys.includes(key)) drop(key, id);
    for (const key of keys) put(key, id, object);
  });
  return {
    get: (key) => [...(buckets.get(key)?.values() ?? [])].sort(byName),
    count: (key) => buckets.get(key)?.size ?? 0,
    stop,
  };
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : 0;
}
