import type { DeleteOptions, KubeObject, ResourceName, StoreEvent, WriteOptions } from "../objects.ts";
import { badRequest, notFound } from "./api-error.ts";
import type {
  ApiStore,
  Erased,
  EraseOptions,
  Patch,
  Snapshot,
  Target,
  WatchEvent,
  WatchStart,
  WriteRequest,
  Written,
} from "./api-store.ts";
import { type Attempt, versionOfBody } from "./attempt.ts";
import { bindPod } from "./bind-pod.ts";
import type { Commit } from "./bucket.ts";
import { apiVersionOf, servedVersion } from "./catalog.ts";
import { at, clone, stringsIn, treeAt } from "./json-tree.ts";
import { rulesOf } from "./kinds/rules-of.ts";
import { noSubresource, patchObject } from "./patches.ts";
import type { PodIndex } from "./pod-index.ts";
import type { Resource } from "./resource.ts";
import { scaled, scaleOf } from "./scale.ts";
import { Writes, type WriteWorld } from "./writes.ts";

/** Both faces of the storage: the lab's own and the HTTP server's. */
export class LabStore implements ApiStore {
  readonly #world: WriteWorld;
  readonly #writes: Writes;
  readonly #pods: PodIndex;
  readonly #shown = new WeakMap<readonly KubeObject[], Map<string, readonly KubeObject[]>>();

  constructor(world: WriteWorld, pods: PodIndex) {
    this.#world = world;
    this.#writes = new Writes(world);
    this.#pods = pods;
  }

  get<T extends KubeObject>(resource: ResourceName, namespace: string | null, name: string): T | undefined {
    this.#world.catalog.mayRead(resource);
    const object = this.#bucket(resource).get(this.#home(resource, namespace), name);
    return object && (this.#world.catalog.show(resource, object) as T);
  }

  list<T extends KubeObject>(resource: ResourceName, namespace: string | null = null): readonly T[] {
    this.#world.catalog.mayRead(resource);
    return this.#show(resource, this.#bucket(resource).list(namespace)) as readonly T[];
  }

  podsOn<T extends KubeObject>(node: string): readonly T[] {
    return this.#pods.on(node) as readonly T[];
  }

  create<T extends KubeObject>(resource: ResourceName, object: T, options: WriteOptions = {}): T {
    const { namespace = null } = object.metadata;
    const attempt = this.#inside({ resource, namespace, name: "" }, object, options);
    return this.#answer(attempt, this.#writes.create(attempt, object)) as T;
  }

  update<T extends KubeObject>(resource: ResourceName, object: T, options: WriteOptions = {}): T {
    const { namespace = null, name } = object.metadata;
    const attempt = this.#inside({ resource, namespace, name }, object, options);
    return this.#answer(attempt, this.#writes.update(attempt, this.#need(attempt), object)) as T;
  }

  // The contract of objects.ts has five parameters.
  // oxlint-disable-next-line max-params
  change<T extends KubeObject>(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    mutate: (copy: T) => void,
    options: WriteOptions = {},
  ): T | undefined {
    const old = this.get<T>(resource, namespace, name);
    if (!old) return undefined;
    const copy = clone(old);
    mutate(copy);
    return this.update(resource, copy, options);
  }

  delete<T extends KubeObject>(
    resource: ResourceName,
    namespace: string | null,
    name: string,
    options: DeleteOptions = {},
  ): T | undefined {
    const old = this.get(resource, namespace, name);
    if (!old) return undefined;
    return this.erase({ resource, namespace, name }, options).object as T;
  }

  /** A pod of another uid is not the one that stopped: it stays. */
  remove(resource: ResourceName, namespace: string | null, name: string, uid?: string): void {
    if (uid && this.get(resource, namespace, name)?.metadata.uid !== uid) return;
    this.delete(resource, namespace, name, { graceSeconds: 0 });
  }

  subscribe<T extends KubeObject>(resource: ResourceName, handler: (event: StoreEvent<T>) => void): () => void {
    const { catalog, storage } = this.#world;
    catalog.mayRead(resource);
    return storage.subscribe(catalog.storageName(resource), (commit) => {
      handler(this.#event(resource, commit) as WatchEvent & StoreEvent<T>);
    });
  }

  resources(): readonly Resource[] {
    return this.#world.catalog.all();
  }

  resource(name: ResourceName): Resource | undefined {
    return this.#world.catalog.find(name);
  }

  resourceVersion(): string {
    return String(this.#world.storage.revision);
  }

  listAt(resource: ResourceName, namespace: string | null = null, version?: string): Snapshot {
    servedVersion(this.#world.catalog.need(resource), version);
    const items = this.#show(resource, this.#bucket(resource).sorted(namespace), version);
    return { resourceVersion: this.resourceVersion(), items };
  }

  read(target: Target, subresource?: "status" | "scale"): KubeObject {
    const attempt = this.#outside(target, subresource ? { subresource } : {});
    return this.#answer(attempt, this.#need(attempt));
  }

  post(target: Target, body: unknown, request: WriteRequest = {}): KubeObject {
    const attempt = this.#outside(target, request);
    return this.#answer(attempt, this.#writes.create(attempt, body));
  }

  put(target: Target, body: unknown, request: WriteRequest = {}): Written {
    const attempt = this.#outside(target, request);
    const old = this.#writes.find(attempt, target.name);
    if (!old && attempt.rules.createOnUpdate && !request.subresource) {
      return { object: this.#answer(attempt, this.#writes.create(attempt, body)), created: true };
    }
    const there = this.#need(attempt);
    const object =
      request.subresource === "scale" ? this.#rescale(attempt, there, body) : this.#replace(attempt, there, body);
    return { object: this.#answer(attempt, object), created: false };
  }

  patch(target: Target, patch: Patch, request: WriteRequest = {}): Written {
    const attempt = this.#outside(target, request);
    const { object, created } = patchObject(this.#world, this.#writes, attempt, patch);
    return { object: this.#answer(attempt, object), created };
  }

  erase(target: Target, options: EraseOptions = {}): Erased {
    const attempt = this.#outside(target, options.dryRun ? { dryRun: true } : {});
    const { object, gone } = this.#writes.erase(attempt, this.#need(attempt), options);
    return { object: this.#answer(attempt, object), gone };
  }

  eraseAll(
    target: Omit<Target, "name">,
    matches: (object: KubeObject) => boolean,
    options: EraseOptions = {},
  ): readonly KubeObject[] {
    const { items } = this.listAt(target.resource, target.namespace, target.version);
    return items.filter(matches).map(({ metadata }) => {
      return this.erase({ ...target, namespace: metadata.namespace ?? null, name: metadata.name }, options).object;
    });
  }

  bind(namespace: string, name: string, node: string, uid?: string): void {
    bindPod(this, { namespace, name, node, ...(uid ? { uid } : {}) });
  }

  finalize(namespace: string): void {
    const manager = "kube-controller-manager";
    this.change(
      "namespaces",
      null,
      namespace,
      (copy) => {
        const spec = treeAt(copy, "spec");
        spec.finalizers = stringsIn(spec.finalizers).filter((each) => each !== "kubernetes");
      },
      { manager },
    );
  }

  watch(resource: ResourceName, start: WatchStart, handler: (event: WatchEvent) => void): () => void {
    const { catalog, storage } = this.#world;
    servedVersion(catalog.need(resource), start.version);
    const told = (commit: Commit) => {
      if (start.namespace && commit.object.metadata.namespace !== start.namespace) return;
      handler(this.#event(resource, commit, start.version));
    };
    const since = start.sinceResourceVersion ?? "0";
    if (!/^\d*$/.test(since)) throw badRequest(`Invalid value: "${since}": resourceVersion must be a number`);
    const bucket = catalog.storageName(resource);
    return Number(since) === 0 ? storage.subscribe(bucket, told) : storage.follow(bucket, Number(since), told);
  }

  bookmark(resource: ResourceName, version?: string, initialEventsEnd = false): KubeObject {
    const found = this.#world.catalog.need(resource);
    const metadata = { resourceVersion: this.resourceVersion(), creationTimestamp: null };
    const annotations = { "k8s.io/initial-events-end": "true" };
    return {
      apiVersion: apiVersionOf(found, servedVersion(found, version).version),
      kind: found.kind,
      metadata: (initialEventsEnd ? { ...metadata, annotations } : metadata) as unknown as KubeObject["metadata"],
    };
  }

  compact(): void {
    this.#world.storage.compact();
  }

  #bucket(resource: ResourceName) {
    return this.#world.storage.bucket(this.#world.catalog.storageName(resource));
  }

  /** The namespace part of an object's key; "" for cluster-wide kinds, whatever the caller says. */
  #home(resource: ResourceName, namespace: string | null): string {
    const namespaced = this.#world.catalog.find(resource)?.namespaced ?? namespace !== null;
    return namespaced ? (namespace ?? "default") : "";
  }

  #need(attempt: Attempt): KubeObject {
    const object = this.#writes.find(attempt, attempt.name);
    if (!object) throw notFound(attempt.resource, attempt.name);
    return object;
  }

  #outside(target: Target, request: WriteRequest): Attempt {
    const resource = this.#world.catalog.need(target.resource);
    const version = servedVersion(resource, target.version);
    const { namespace, name } = target;
    if (request.subresource && !version.subresources.some((each) => each.name === request.subresource)) {
      throw noSubresource();
    }
    return { resource, version, rules: rulesOf(resource), namespace, name, inside: false, request };
  }

  #inside(target: Target, body: KubeObject, options: WriteOptions): Attempt {
    const resource = this.#world.catalog.need(target.resource);
    const version = versionOfBody(resource, body);
    const { namespace, name } = target;
    return { resource, version, rules: rulesOf(resource), namespace, name, inside: true, request: options };
  }

  #replace(attempt: Attempt, old: KubeObject, body: unknown): KubeObject {
    if (attempt.request.subresource !== "finalize") return this.#writes.update(attempt, old, body);
    const copy = clone(old);
    treeAt(copy, "spec").finalizers = stringsIn(at(body, "spec", "finalizers"));
    return this.#writes.update(attempt, old, copy);
  }

  #rescale(attempt: Attempt, old: KubeObject, body: unknown): KubeObject {
    const { scale, version } = attempt.version;
    if (!scale) throw noSubresource();
    const shown = this.#world.catalog.show(attempt.resource.name, old, version);
    return this.#writes.update({ ...attempt, inside: true }, old, scaled(shown, body, scale));
  }

  /** The answer of a request: in its version, and as a Scale where it asked for one. */
  #answer({ resource, version, request, inside }: Attempt, object: KubeObject): KubeObject {
    const shown = this.#world.catalog.show(resource.name, object, inside ? undefined : version.version);
    return request.subresource === "scale" && version.scale && !inside ? scaleOf(shown, version.scale) : shown;
  }

  #show(resource: ResourceName, list: readonly KubeObject[], version?: string): readonly KubeObject[] {
    const shown = this.#shown.get(list) ?? new Map<string, readonly KubeObject[]>();
    this.#shown.set(list, shown);
    const key = `${resource} ${version ?? ""}`;
    let result = shown.get(key);
    if (!result) {
      const same = (object: KubeObject) => this.#world.catalog.show(resource, object, version) === object;
      result = list.every(same) ? list : list.map((each) => this.#world.catalog.show(resource, each, version));
      shown.set(key, result);
    }
    return result;
  }

  #event(resource: ResourceName, { type, object, old, revision }: Commit, version?: string): WatchEvent {
    const show = (each: KubeObject) => this.#world.catalog.show(resource, each, version);
    return { type, object: show(object), old: old && show(old), resourceVersion: String(revision) };
  }
}
