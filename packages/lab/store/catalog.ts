import type { KubeObject, ResourceName } from "../objects.ts";
import { ApiError } from "./api-error.ts";
import { builtinResources } from "./builtin-resources.ts";
import { eventAsCore, eventAsNew } from "./event-shapes.ts";
import type { Resource, ResourceVersion } from "./resource.ts";

/** Two resources that show one storage. */
const aliases: Record<ResourceName, ResourceName> = { "events.k8s.io/events": "events" };

/** Which resources there are, and how their objects look in each version. */
export class Catalog {
  readonly #resources = new Map<ResourceName, Resource>();
  readonly #builtinGroups = new Set<string>();
  readonly #shown = new WeakMap<KubeObject, Map<string, KubeObject>>();

  constructor() {
    for (const resource of builtinResources()) {
      this.#resources.set(resource.name, resource);
      this.#builtinGroups.add(resource.group);
    }
  }

  all(): readonly Resource[] {
    return [...this.#resources.values()];
  }

  find(name: ResourceName): Resource | undefined {
    return this.#resources.get(name);
  }

  /** 404 as for an unknown path. */
  need(name: ResourceName): Resource {
    const resource = this.#resources.get(name);
    if (resource?.stored) return resource;
    throw new ApiError(404, "NotFound", "the server could not find the requested resource");
  }

  /** Reading what a later CRD may bring finds nothing; a name that no CRD can bring is a mistake and throws. */
  mayRead(name: ResourceName): void {
    const group = name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
    if (!this.#resources.has(name) && this.#builtinGroups.has(group)) this.need(name);
  }

  register(resource: Resource): void {
    this.#resources.set(resource.name, resource);
  }

  unregister(name: ResourceName): void {
    this.#resources.delete(name);
  }

  /** The name under which the objects are stored. */
  storageName(name: ResourceName): ResourceName {
    return aliases[name] ?? name;
  }

  /** A stored object in a version of a resource; the same object each time, so identity still means equality. */
  show(name: ResourceName, object: KubeObject, version?: string): KubeObject {
    const resource = this.#resources.get(name);
    if (!resource) return object;
    const wanted = apiVersionOf(resource, version ?? storageVersion(resource).version);
    if (object.apiVersion === wanted) return object;
    const shown = this.#shown.get(object) ?? new Map<string, KubeObject>();
    this.#shown.set(object, shown);
    let result = shown.get(wanted);
    if (!result) {
      result = Object.freeze(aliases[name] ? eventAsNew(object) : { ...object, apiVersion: wanted });
      shown.set(wanted, result);
    }
    return result;
  }

  /** A written object as it is stored. */
  stored(resource: Resource, written: KubeObject): KubeObject {
    if (aliases[resource.name]) return eventAsCore(written);
    return { ...written, apiVersion: apiVersionOf(resource, storageVersion(resource).version) };
  }
}

export function apiVersionOf(resource: Resource, version: string): string {
  return resource.group ? `${resource.group}/${version}` : version;
}

function storageVersion(resource: Resource): ResourceVersion {
  const version = resource.versions.find(({ storage }) => storage) ?? resource.versions[0];
  if (!version) throw new Error(`${resource.name} has no version`);
  return version;
}

/** The version that a request speaks; 404 where it is not served. */
export function servedVersion(resource: Resource, version?: string): ResourceVersion {
  if (version === undefined) return storageVersion(resource);
  const found = resource.versions.find((each) => each.version === version && each.served);
  if (!found) throw new ApiError(404, "NotFound", "the server could not find the requested resource");
  return found;
}

export function hasSubresource(version: ResourceVersion, name: string): boolean {
  return version.subresources.some((each) => each.name === name);
}
