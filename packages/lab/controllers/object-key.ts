import type { KubeObject } from "../objects.ts";

/** "namespace/name", as work queues name objects. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
}

/** Undoes keyOf. */
export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf("/");
  return [key.slice(0, slash), key.slice(slash + 1)];
}

/** Namespace, name and uid of a stored object, which always has them; the namespace of a cluster-wide one is "". */
export function identity({ metadata }: KubeObject): { namespace: string; name: string; uid: string } {
  return { namespace: metadata.namespace ?? "", name: metadata.name, uid: metadata.uid ?? "" };
}
