import type { LabClock } from "../clock.ts";
import type { KubeObject } from "../objects.ts";
import type { Random } from "../random.ts";
import { alreadyExists, badRequest, conflict, forbidden, invalid, notFound } from "./api-error.ts";
import type { Erased, EraseOptions } from "./api-store.ts";
import { type Attempt, decode, isolatesStatus, settleIdentity, shapeOf, writerOf } from "./attempt.ts";
import type { Catalog } from "./catalog.ts";
import { finalizersFor, isNamespace, mayGo, soonerMark, timestamp } from "./deletion-mark.ts";
import { at, freeze, graft, same, treeAt } from "./json-tree.ts";
import type { AdmissionWorld } from "./kinds/kind-rules.ts";
import { type ManagedFields, managersOf, ownedAfterUpdate } from "./patch/managed-fields.ts";
import type { Storage } from "./storage.ts";
import { validateChange, validateNew } from "./validation.ts";

/** What all writes work with. */
export interface WriteWorld {
  readonly storage: Storage;
  readonly catalog: Catalog;
  readonly clock: LabClock;
  readonly random: Random;
  readonly admission: AdmissionWorld;
}

const suffixLength = 5;
const generatedNameLimit = 63;

/** The API server's create, update and delete, each a pipeline from a decoded body to a commit. */
export class Writes {
  readonly #world: WriteWorld;

  constructor(world: WriteWorld) {
    this.#world = world;
  }

  /** `managers` is given by server-side apply, which knows the owners itself. */
  create(attempt: Attempt, body: unknown, managers?: readonly ManagedFields[]): KubeObject {
    const { resource, rules } = attempt;
    const draft = this.#world.catalog.stored(resource, decode(attempt, body));
    settleIdentity(attempt, draft);
    this.#admitNamespace(attempt, draft);
    this.#begin(attempt, draft);
    if (rules.initialStatus || (resource.custom && isolatesStatus(attempt))) delete draft.status;
    rules.defaults?.(draft);
    const writer = writerOf(attempt, "Update", this.#now());
    const owners = managers ?? ownedAfterUpdate(null, draft, writer, shapeOf(attempt));
    rules.admit?.(draft, this.#world.admission);
    if (rules.initialStatus) draft.status = rules.initialStatus(draft);
    validateNew(attempt, draft);
    if (this.find(attempt, draft.metadata.name)) throw alreadyExists(resource, draft.metadata.name);
    draft.metadata.managedFields = [...owners];
    if (attempt.request.dryRun) return freeze(draft);
    return this.#world.storage.commit(this.#bucket(attempt), "ADDED", draft, null);
  }

  /** The stored object that an attempt is about. */
  find({ resource, namespace }: Attempt, name: string): KubeObject | undefined {
    const bucket = this.#world.storage.bucket(this.#world.catalog.storageName(resource.name));
    return bucket.get(resource.namespaced ? (namespace ?? "default") : "", name);
  }

  update(attempt: Attempt, old: KubeObject, body: unknown, managers?: readonly ManagedFields[]): KubeObject {
    const { resource } = attempt;
    const written = this.#world.catalog.stored(resource, decode(attempt, body));
    settleIdentity(attempt, written);
    checkPreconditions(attempt, old, written);
    const draft = attempt.request.subresource === "status" ? statusDraft(attempt, old, written) : written;
    keepSystemFields(draft, old);
    if (attempt.request.subresource !== "status") this.#completeMain(attempt, draft, old);
    const fresh = graft(old, draft);
    if (fresh !== old) validateChange(attempt, fresh, old);
    const entries = managers ?? this.#ownersAfter(attempt, old, fresh, written);
    if (fresh === old && same(managersOf(old), entries)) return old;
    const bumped = attempt.rules.generation && isNewGeneration(attempt, fresh, old);
    const generation = bumped ? { generation: (old.metadata.generation ?? 0) + 1 } : {};
    const metadata = { ...fresh.metadata, ...generation, managedFields: [...entries] };
    return this.#replace(attempt, { ...fresh, metadata }, old);
  }

  erase(attempt: Attempt, old: KubeObject, options: EraseOptions = {}): Erased {
    checkErase(attempt, old, options);
    const marked = this.#marked(old, options);
    if (!marked) return { object: old, gone: false };
    const gone = mayGo(marked);
    if (options.dryRun) return { object: freeze(marked), gone };
    /** What goes at once is told as it was last seen, as the real server does. */
    const last = gone && !old.metadata.deletionTimestamp ? { ...old } : marked;
    return { object: this.#replace(attempt, last, old, gone), gone };
  }

  /** The object as the delete leaves it while it waits; null when an earlier delete asked for as much. */
  #marked(old: KubeObject, options: EraseOptions): KubeObject | null {
    const finalizers = finalizersFor(old, options.propagation);
    const metadata = soonerMark(old, options.graceSeconds, this.#world.clock.now()) ?? { ...old.metadata };
    if (
      metadata.deletionTimestamp === old.metadata.deletionTimestamp &&
      same(finalizers, old.metadata.finalizers ?? [])
    ) {
      return null;
    }
    if (finalizers.length > 0) metadata.finalizers = finalizers;
    else delete metadata.finalizers;
    const marked: KubeObject = { ...old, metadata };
    if (isNamespace(old)) marked.status = { ...(old.status as object), phase: "Terminating" };
    return marked;
  }

  #replace(attempt: Attempt, fresh: KubeObject, old: KubeObject, gone = mayGo(fresh)): KubeObject {
    if (attempt.request.dryRun) return freeze(fresh);
    return this.#world.storage.commit(this.#bucket(attempt), gone ? "DELETED" : "MODIFIED", fresh, old);
  }

  #bucket({ resource }: Attempt): string {
    return this.#world.catalog.storageName(resource.name);
  }

  #now(): string {
    return timestamp(this.#world.clock.now());
  }

  #admitNamespace({ resource }: Attempt, draft: KubeObject): void {
    const { name, namespace } = draft.metadata;
    if (!namespace) return;
    const home = this.#world.storage.bucket("namespaces").get("", namespace);
    if (!home) throw notFound({ group: "", plural: "namespaces" }, namespace);
    if (!home.metadata.deletionTimestamp) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const message = `namespace ${namespace} is being terminated`;
    throw forbidden(resource, name, why, [{ reason: "NamespaceTerminating", message, field: "metadata.namespace" }]);
  }

  /** Everything in metadata that is the server's to say. */
  #begin(attempt: Attempt, draft: KubeObject): void {
    const { metadata } = draft;
    if (metadata.resourceVersion) throw badRequest("resourceVersion should not be set on objects to be created");
    for (const field of ["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"] as const) {
      delete (metadata as unknown as Record<string, unknown>)[field];
    }
    if (!metadata.name && metadata.generateName) metadata.name = this.#generated(attempt, metadata.generateName);
    metadata.uid = this.#world.random.uuid();
    metadata.creationTimestamp = this.#now();
    if (attempt.rules.generation) metadata.generation = 1;
    else delete metadata.generation;
  }

  #generated(attempt: Attempt, prefix: string): string {
    const base = prefix.slice(0, generatedNameLimit - suffixLength);
    for (;;) {
      const name = base + this.#world.random.suffix(suffixLength);
      if (!this.find(attempt, name)) return name;
    }
  }

  #completeMain(attempt: Attempt, draft: KubeObject, old: KubeObject): void {
    if (isolatesStatus(attempt)) {
      if (old.status === undefined) delete draft.status;
      else draft.status = old.status;
    }
    if (isNamespace(old) && !attempt.inside && attempt.request.subresource !== "finalize") {
      treeAt(draft, "spec").finalizers = at(old, "spec", "finalizers");
    }
    attempt.rules.defaults?.(draft);
    attempt.rules.keep?.(draft, old, this.#world.admission);
  }

  #ownersAfter(attempt: Attempt, old: KubeObject, fresh: KubeObject, written: KubeObject): readonly ManagedFields[] {
    const reset = !attempt.inside && written.metadata.managedFields?.length === 0;
    if (fresh === old && !reset) return managersOf(old);
    const base = reset ? { ...old, metadata: { ...old.metadata, managedFields: [] } } : old;
    return ownedAfterUpdate(base, fresh, writerOf(attempt, "Update", this.#now()), shapeOf(attempt));
  }
}

function checkPreconditions(attempt: Attempt, old: KubeObject, written: KubeObject): void {
  const { resource, rules, inside } = attempt;
  const { name, uid, resourceVersion } = written.metadata;
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion && resourceVersion !== old.metadata.resourceVersion) throw conflict(resource, name);
  if (!resourceVersion && rules.guardedUpdate && !inside) {
    const message = "Invalid value: 0: must be specified for an update";
    throw invalid(resource, name, [{ reason: "FieldValueInvalid", message, field: "metadata.resourceVersion" }]);
  }
}

/** A status write changes status; on built-in kinds labels and annotations too, which some agents rely on. */
function statusDraft({ resource }: Attempt, old: KubeObject, written: KubeObject): KubeObject {
  const metadata = { ...old.metadata };
  if (!resource.custom) {
    for (const field of ["labels", "annotations"] as const) {
      const value = written.metadata[field];
      if (value) metadata[field] = value;
      else delete metadata[field];
    }
  }
  const { status: _, ...rest } = old;
  return { ...rest, metadata, ...(written.status === undefined ? {} : { status: written.status }) } as KubeObject;
}

const systemFields = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generateName",
  "managedFields",
] as const;

function keepSystemFields(draft: KubeObject, old: KubeObject): void {
  const metadata = { ...draft.metadata } as Record<string, unknown>;
  delete metadata.selfLink;
  for (const field of systemFields) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = old.metadata[field];
  }
  draft.metadata = metadata as unknown as KubeObject["metadata"];
}

/** Equal parts are identical here, so identity tells whether anything but metadata and status changed. */
function isNewGeneration(attempt: Attempt, fresh: KubeObject, old: KubeObject): boolean {
  const aside = new Set(["apiVersion", "kind", "metadata"]);
  if (isolatesStatus(attempt)) aside.add("status");
  const fields = new Set([...Object.keys(fresh), ...Object.keys(old)]);
  return [...fields].some((field) => !aside.has(field) && fresh[field] !== old[field]);
}

const lasting = new Set(["default", "kube-system", "kube-public"]);

function checkErase({ resource }: Attempt, old: KubeObject, options: EraseOptions): void {
  const { name, uid, resourceVersion } = old.metadata;
  if (options.uid && options.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${options.uid}, UID in object meta: ${uid}`;
    throw conflict(resource, name, why);
  }
  if (options.resourceVersion && options.resourceVersion !== resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${options.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw conflict(resource, name, why);
  }
  if (isNamespace(old) && lasting.has(name)) throw forbidden(resource, name, "this namespace may not be deleted");
}
