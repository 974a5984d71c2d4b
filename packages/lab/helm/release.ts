import { gunzipSync, gzipSync } from "node:zlib";
import type { KubeObject } from "../objects.ts";
import type { Cluster } from "./cluster.ts";
import { HelmError } from "./helm-error.ts";
import type { Values } from "./values.ts";

export type ReleaseStatus =
  | "deployed"
  | "failed"
  | "superseded"
  | "uninstalled"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

/** One revision as helm keeps it. */
export interface Release {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: {
    readonly first_deployed: string;
    readonly last_deployed: string;
    readonly deleted: string;
    readonly description: string;
    readonly status: ReleaseStatus;
    readonly notes?: string;
  };
  readonly chart: {
    readonly metadata: {
      readonly name: string;
      readonly version: string;
      readonly appVersion: string;
      readonly apiVersion: "v2";
    };
    readonly values: Values;
  };
  readonly config: Values;
  readonly manifest: string;
}

interface ReleaseSecret extends KubeObject {
  data?: { release?: string };
}

/** As helm's Secret driver: the API's own base64 around base64 around gzip. */
function encodeRelease(release: Release): string {
  const inner = gzipSync(JSON.stringify(release)).toString("base64");
  return Buffer.from(inner).toString("base64");
}

export function decodeRelease(data: string): Release {
  const inner = Buffer.from(data, "base64").toString("utf8");
  return JSON.parse(gunzipSync(Buffer.from(inner, "base64")).toString("utf8")) as Release;
}

function releaseSecret(release: Release, nowMs: number): KubeObject {
  const { name, namespace, version, info } = release;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.${name}.v${version}`,
      namespace,
      labels: {
        name,
        owner: "helm",
        status: info.status,
        version: String(version),
        modifiedAt: String(Math.floor(nowMs / 1_000)),
      },
    },
    type: "helm.sh/release.v1",
    data: { release: encodeRelease(release) },
  };
}

/** The releases of a cluster, kept as Secrets. */
export class ReleaseStore {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Of all namespaces when null; oldest revision first. */
  async list(namespace: string | null, name?: string): Promise<readonly Release[]> {
    const root = namespace === null ? "/api/v1/secrets" : `/api/v1/namespaces/${namespace}/secrets`;
    const selector = encodeURIComponent(name === undefined ? "owner=helm" : `name=${name},owner=helm`);
    const answer = (await this.#cluster.request("GET", `${root}?labelSelector=${selector}`)) as {
      items?: ReleaseSecret[];
    } | null;
    return (answer?.items ?? [])
      .flatMap(({ data }) => (data?.release ? [decodeRelease(data.release)] : []))
      .sort((a, b) => a.name.localeCompare(b.name) || a.version - b.version);
  }

  async history(namespace: string, name: string): Promise<readonly Release[]> {
    return this.list(namespace, name);
  }

  /** The newest revision; throws helm's own words where there is none. */
  async last(namespace: string, name: string): Promise<Release> {
    const last = (await this.history(namespace, name)).at(-1);
    if (!last) throw new HelmError("release: not found");
    return last;
  }

  async create(release: Release): Promise<void> {
    const path = `/api/v1/namespaces/${release.namespace}/secrets`;
    const answer = await this.#cluster.request("POST", path, { body: releaseSecret(release, Date.now()) });
    if (answer === null) throw new HelmError(`create: failed to create: namespaces "${release.namespace}" not found`);
  }

  async update(release: Release): Promise<void> {
    await this.#cluster.request("PUT", this.#path(release), { body: releaseSecret(release, Date.now()) });
  }

  async remove(release: Release): Promise<void> {
    await this.#cluster.request("DELETE", this.#path(release));
  }

  #path({ name, namespace, version }: Release): string {
    return `/api/v1/namespaces/${namespace}/secrets/sh.helm.release.v1.${name}.v${version}`;
  }
}

export function withStatus(release: Release, status: ReleaseStatus, description: string): Release {
  return { ...release, info: { ...release.info, status, description } };
}
