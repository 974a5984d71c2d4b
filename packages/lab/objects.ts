/** A Kubernetes object as it goes over the wire. Stored objects are deeply frozen: change them through the store. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

/** Plural, with the group before it unless it is the core one: "pods", "apps/daemonsets", "cilium.io/ciliumnodes". */
export type ResourceName = string;

export interface StoreEvent<T extends KubeObject = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: T;
  /** What it was before; null for ADDED. */
  readonly old: T | null;
}

export interface WriteOptions {
  /** Field manager of the write; the controllers give their own name. */
  readonly manager?: string;
  /** "status" changes nothing but status; without it status is left as it is (where the kind has the subresource). */
  readonly subresource?: "status" | "scale";
}

export interface DeleteOptions {
  readonly graceSeconds?: number;
  readonly uid?: string;
  readonly propagation?: "Background" | "Foreground" | "Orphan";
}

/** The API server's storage with its rules, seen from inside the lab: controllers and kubelets use it without HTTP. */
export interface Store {
  get<T extends KubeObject>(resource: ResourceName, namespace: string | null, name: string): T | undefined;
  /** All namespaces when namespace is null. */
  list<T extends KubeObject>(resource: ResourceName, namespace?: string | null): readonly T[];
  /** Indexed by spec.nodeName. */
  podsOn<T extends KubeObject>(node: string): readonly T[];
  /** Defaults, validates, admits; throws ApiError. Honours generateName. */
  create<T extends KubeObject>(resource: ResourceName, object: T, options?: WriteOptions): T;
  /** PUT: 409 when metadata.resourceVersion is given and stale. A write that changes nothing is none. */
  update<T extends KubeObject>(resource: ResourceName, object: T, options?: WriteOptions): T;
  /** Read, change a thawed copy, write; undefined when it is not there (any more). */
  change<T extends KubeObject>(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    mutate: (copy: T) => void,
    options?: WriteOptions,
  ): T | undefined;
  /** Graceful for pods on a node; honours finalizers; absent is no error (returns undefined). Throws ApiError 409 on a uid precondition. */
  delete<T extends KubeObject>(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    options?: DeleteOptions,
  ): T | undefined;
  /** A kubelet's last word on a pod that has stopped: removes it whatever its grace. Finalizers still hold it. */
  remove(resource: ResourceName, namespace: string | null, name: string, uid?: string): void;
  /** Called synchronously after each write; existing objects come first as ADDED. Returns how to stop. */
  subscribe<T extends KubeObject>(resource: ResourceName, handler: (event: StoreEvent<T>) => void): () => void;
}
