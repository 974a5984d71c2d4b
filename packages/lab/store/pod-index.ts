import type { KubeObject } from "../objects.ts";
import type { Commit } from "./bucket.ts";
import { at } from "./json-tree.ts";

/** Pods by the node they are bound to, kept inside each commit. */
export class PodIndex {
  readonly #byNode = new Map<string, Map<string, KubeObject>>();

  on(node: string): readonly KubeObject[] {
    return [...(this.#byNode.get(node)?.values() ?? [])];
  }

  note({ type, object, old }: Commit): void {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    const before = nodeOf(old);
    const after = type === "DELETED" ? null : nodeOf(object);
    if (before !== null && before !== after) this.#drop(before, key);
    if (after === null) return;
    const pods = this.#byNode.get(after) ?? new Map<string, KubeObject>();
    this.#byNode.set(after, pods.set(key, object));
  }

  #drop(node: string, key: string): void {
    const pods = this.#byNode.get(node);
    pods?.delete(key);
    if (pods?.size === 0) this.#byNode.delete(node);
  }
}

function nodeOf(pod: KubeObject | null): string | null {
  const node = at(pod, "spec", "nodeName");
  return typeof node === "string" && node ? node : null;
}
