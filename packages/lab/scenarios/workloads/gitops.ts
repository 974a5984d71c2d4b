import type { KubeObject, Store } from "../../objects.ts";
import { plant } from "../../seed/seed-world.ts";

const namespace = "argocd";
const name = "application";

/** ConfigMap argocd/application stands for the Application: while it is there, git is what counts. */
export function syncSwitch(store: Store): () => boolean {
  plant(store, [
    ["namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }],
    ["configmaps", { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { selfHeal: "true" } }],
  ]);
  return () => store.get("configmaps", namespace, name) !== undefined;
}

/** An object as it lies in git: what the API server adds to it is left out. */
export function deepCopy(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  const { name: called, namespace: within, labels, annotations } = copy.metadata;
  copy.metadata = {
    name: called,
    ...(within === undefined ? {} : { namespace: within }),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const { status: _status, ...rest } = copy;
  return rest as KubeObject;
}
