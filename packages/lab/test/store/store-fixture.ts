import { VirtualClock } from "../../clock.ts";
import type { KubeObject } from "../../objects.ts";
import { seededRandom } from "../../random.ts";
import { ApiError } from "../../store/api-error.ts";
import type { Target } from "../../store/api-store.ts";
import { createStore, type StoreOptions } from "../../store/create-store.ts";

/** A store with the namespace "default" and a clock that stands still. */
export function emptyStore(options: Partial<StoreOptions> = {}) {
  const clock = new VirtualClock();
  const store = createStore({ clock, random: seededRandom(7), ...options });
  store.create("namespaces", make("v1", "Namespace", "default"));
  return { store, clock };
}

type Fields = Record<string, unknown>;

export function make(apiVersion: string, kind: string, name: string, fields: Fields = {}): KubeObject {
  const { metadata, ...rest } = fields;
  return { apiVersion, kind, metadata: { name, ...(metadata as object) }, ...rest };
}

export function pod(name: string, spec: Fields = {}, metadata: Fields = {}): KubeObject {
  return make("v1", "Pod", name, { metadata, spec: { containers: [{ name: "app", image: "web:1" }], ...spec } });
}

export function deployment(name: string, spec: Fields = {}): KubeObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "app", image: "web:1" }] } };
  return make("apps/v1", "Deployment", name, { spec: { selector: { matchLabels: labels }, template, ...spec } });
}

export function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return make("v1", "ConfigMap", name, { data });
}

export function at(resource: string, name: string, version?: string): Target {
  return { resource, namespace: "default", name, ...(version ? { version } : {}) };
}

/** What a refused call answers; fails when it is not refused. */
export function refusal(call: () => unknown): ApiError {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("the call was not refused");
}

export function field(object: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((here, step) => (here as Fields | undefined)?.[step], object);
}

/** A mutation for change(): sets the field at a dotted path. */
export function set(path: string, value: unknown): (copy: KubeObject) => void {
  return (copy) => {
    const steps = path.split(".");
    const last = steps.pop() as string;
    let parent: Fields = copy;
    for (const step of steps) {
      parent[step] ??= {};
      parent = parent[step] as Fields;
    }
    parent[last] = value;
  };
}
