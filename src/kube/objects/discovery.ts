import type { KubeClient } from "../client/kube-client.ts";
import type { KubeObject } from "./kube-object.ts";
import { at, list, text, texts } from "./read.ts";

export interface ServedResource {
  /** Plural: "daemonsets". */
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

/** Which kinds the API server serves. A group/version that is there is remembered for a minute, an absent one never. */
export class Discovery {
  readonly #client: KubeClient;
  readonly #known = new Map<string, { readonly at: number; readonly resources: readonly ServedResource[] }>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** Group → versions, preferred first. */
  async groups(): Promise<Readonly<Record<string, readonly string[]>>> {
    const answer = await this.#client.get<KubeObject>("/apis");
    const entries = list(at(answer, "groups")).map((group): [string, readonly string[]] => {
      const preferred = text(at(group, "preferredVersion", "version"));
      const versions = list(at(group, "versions")).map((version) => text(at(version, "version")));
      return [text(at(group, "name")), [...new Set([preferred, ...versions])].filter((version) => version !== "")];
    });
    return Object.fromEntries(entries);
  }

  /** One resource of a group/version, asked for again where what we remember lacks it: CRDs come one by one. */
  async find(apiVersion: string, wanted: (resource: ServedResource) => boolean): Promise<ServedResource | null> {
    const remembered = (await this.resources(apiVersion))?.find(wanted);
    if (remembered !== undefined) return remembered;
    this.#known.delete(apiVersion);
    return (await this.resources(apiVersion))?.find(wanted) ?? null;
  }

  /** Null when the group/version is not served. */
  async resources(apiVersion: string): Promise<readonly ServedResource[] | null> {
    const known = this.#known.get(apiVersion);
    if (known !== undefined && Date.now() - known.at < 60_000) return known.resources;
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const answer = await this.#client.find<KubeObject>(path);
    if (answer === null) return null;
    const resources = list(at(answer, "resources"))
      .map((resource) => ({
        name: text(at(resource, "name")),
        kind: text(at(resource, "kind")),
        namespaced: at(resource, "namespaced") === true,
        verbs: texts(at(resource, "verbs")),
      }))
      .filter(({ name }) => name !== "" && !name.includes("/"));
    this.#known.set(apiVersion, { at: Date.now(), resources });
    return resources;
  }

  /** The URL path of one object, or null when its kind is not served. */
  async pathOf(object: {
    apiVersion: string;
    kind: string;
    namespace: string | null;
    name: string;
  }): Promise<string | null> {
    const resource = await this.find(object.apiVersion, ({ kind }) => kind === object.kind);
    if (resource === null) return null;
    const root = object.apiVersion.includes("/") ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const space = resource.namespaced ? `/namespaces/${object.namespace ?? "default"}` : "";
    return `${root}${space}/${resource.name}/${encodeURIComponent(object.name)}`;
  }
}
