import type { DeleteOptions, KubeObject, ResourceName, Store, StoreEvent } from "../objects.ts";
import type { Resource } from "./resource.ts";

/** Where a request points: /apis/{group}/{version}/namespaces/{namespace}/{plural}/{name}. */
export interface Target {
  readonly resource: ResourceName;
  readonly namespace: string | null;
  /** "" for a create whose name is in the body. */
  readonly name: string;
  /** Version of the URL: bodies are read in it and answers given in it; the storage version when left out. */
  readonly version?: string;
}

/** Query parameters of a write. */
export interface WriteRequest {
  /** fieldManager, else the first word of the User-Agent as the API server does; "unknown" when left out. */
  readonly manager?: string;
  /** Server-side apply only: take fields from their owners. */
  readonly force?: boolean;
  /** All rules apply, nothing is stored. */
  readonly dryRun?: boolean;
  readonly subresource?: "status" | "scale" | "finalize";
}

/** A patch by its media type: json-patch+json, merge-patch+json, strategic-merge-patch+json, apply-patch+yaml. */
export interface Patch {
  readonly type: "json" | "merge" | "strategic" | "apply";
  readonly body: unknown;
}

/** DeleteOptions of the API, decoded; `uid` and `resourceVersion` are its preconditions. */
export interface EraseOptions extends DeleteOptions {
  readonly resourceVersion?: string;
  readonly dryRun?: boolean;
}

/** Answer of a write that may create: 201 when it did, else 200. */
export interface Written {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** Answer of a delete: gone at once, or marked and waiting for its grace or finalizers. */
export interface Erased {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** A list and the resourceVersion at which it was true; sorted by namespace and name as etcd sorts. */
export interface Snapshot {
  readonly resourceVersion: string;
  readonly items: readonly KubeObject[];
}

/** A change with its place in history. A DELETED object carries the resourceVersion of its deletion. */
export interface WatchEvent extends StoreEvent {
  readonly resourceVersion: string;
}

/** Where a watch starts; selectors are the server's (`old` is there for objects that enter or leave one). */
export interface WatchStart {
  /** All namespaces when left out or null. */
  readonly namespace?: string | null;
  readonly version?: string;
  /** Replays what came after it. Left out or "0": what is there comes first as ADDED. */
  readonly sinceResourceVersion?: string;
}

/** The API server's storage as the HTTP server needs it; every method is synchronous and throws ApiError. */
export interface ApiStore extends Store {
  /** All resources, those of established CRDs included; asked anew for each discovery request. */
  resources(): readonly Resource[];
  resource(name: ResourceName): Resource | undefined;
  /** The newest resourceVersion of the whole store. */
  resourceVersion(): string;
  /** Cheap to ask again: the array is shared until the resource changes, so a `continue` token may hold on to it. */
  listAt(resource: ResourceName, namespace?: string | null, version?: string): Snapshot;
  /** GET; 404 when absent. `subresource: "scale"` answers an autoscaling/v1 Scale. */
  read(target: Target, subresource?: "status" | "scale"): KubeObject;
  /** POST. */
  post(target: Target, body: unknown, request?: WriteRequest): KubeObject;
  /** PUT; creates only the few kinds that the real one creates so. */
  put(target: Target, body: unknown, request?: WriteRequest): Written;
  patch(target: Target, patch: Patch, request?: WriteRequest): Written;
  /** DELETE; 404 when absent, unlike Store.delete. */
  erase(target: Target, options?: EraseOptions): Erased;
  /** DELETE of a collection: those that `matches` says, each by the rules of erase. */
  eraseAll(
    target: Omit<Target, "name">,
    matches: (object: KubeObject) => boolean,
    options?: EraseOptions,
  ): readonly KubeObject[];
  /** POST pods/NAME/binding: the only way over HTTP by which a pod gets its node. 409 when it has one. */
  bind(namespace: string, name: string, node: string, uid?: string): void;
  /** Takes "kubernetes" from a terminating namespace's spec.finalizers, which lets it go. */
  finalize(namespace: string): void;
  /** Throws Expired (410) when history no longer reaches back; returns how to stop. Replay runs inside the call. */
  watch(resource: ResourceName, start: WatchStart, handler: (event: WatchEvent) => void): () => void;
  /** Object of a BOOKMARK event at the current resourceVersion; `initialEventsEnd` ends a watch-list. */
  bookmark(resource: ResourceName, version?: string, initialEventsEnd?: boolean): KubeObject;
  /** Forgets history, so that every watch from an older resourceVersion meets 410. */
  compact(): void;
}
