import type { KubeObject } from "../objects.ts";
import type { Cluster } from "./cluster.ts";
import { HelmError } from "./helm-error.ts";
import { readObject } from "./objects-api.ts";
import type { Release } from "./release.ts";

/** What helm writes on every object that it creates, besides the manifest. */
export function owned(object: KubeObject, { name, namespace }: Pick<Release, "name" | "namespace">): KubeObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" },
      annotations: {
        ...metadata.annotations,
        "meta.helm.sh/release-name": name,
        "meta.helm.sh/release-namespace": namespace,
      },
    },
  };
}

/** Refuses to adopt what somebody else made. */
export async function refuseForeign(
  cluster: Cluster,
  objects: readonly KubeObject[],
  release: Pick<Release, "name" | "namespace">,
  signal: AbortSignal,
): Promise<void> {
  for (const object of objects) {
    const live = await readObject(cluster, object, signal);
    if (!live) continue;
    const { labels = {}, annotations = {} } = live.metadata;
    const missing = [
      ...(labels["app.kubernetes.io/managed-by"] === "Helm"
        ? []
        : ['label validation error: key "app.kubernetes.io/managed-by" must be set to "Helm"']),
      ...(annotations["meta.helm.sh/release-name"] === release.name
        ? []
        : [`annotation validation error: key "meta.helm.sh/release-name" must be set to "${release.name}"`]),
    ];
    if (missing.length === 0) continue;
    const where = object.metadata.namespace ? `in namespace "${object.metadata.namespace}"` : 'in namespace ""';
    throw new HelmError(
      `Unable to continue with install: ${object.kind} "${object.metadata.name}" ${where} exists and cannot be imported into the current release: invalid ownership metadata; ${missing.join("; ")}`,
    );
  }
}
