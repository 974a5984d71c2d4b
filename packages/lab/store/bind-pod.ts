import type { Store } from "../objects.ts";
import { conflict, notFound } from "./api-error.ts";
import { at, text, treeAt } from "./json-tree.ts";

const pods = { group: "", plural: "pods" };

/** What a Binding says. */
export interface Binding {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly uid?: string;
}

/** Gives a pod its node, once. */
export function bindPod(store: Store, { namespace, name, node, uid }: Binding): void {
  const pod = store.get("pods", namespace, name);
  if (!pod) throw notFound(pods, name);
  if (uid && uid !== pod.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`;
    throw conflict(pods, name, why);
  }
  if (pod.metadata.deletionTimestamp) {
    throw conflict(pods, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const there = at(pod, "spec", "nodeName");
  if (there) throw conflict(pods, name, `pod ${name} is already assigned to node "${text(there)}"`);
  const assign = (copy: object) => Object.assign(treeAt({ ...copy }, "spec"), { nodeName: node });
  store.change("pods", namespace, name, assign, { manager: "kube-scheduler" });
}
