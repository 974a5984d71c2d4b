import type { KubernetesObject, V1ObjectMeta } from "@kubernetes/client-node";

/** A model of client-node as its JSON is, which is what we send and read: times are text there. */
export type AsJson<Model> = Model extends Date
  ? string
  : Model extends object
    ? { readonly [Field in keyof Model]: AsJson<Model[Field]> }
    : Model;

/** As much of a Kubernetes object as every kind has. What is read of the rest goes through read.ts: it may hold anything. */
export interface KubeObject extends AsJson<Omit<KubernetesObject, "metadata">> {
  readonly metadata: AsJson<V1ObjectMeta> & { readonly name: string };
}
