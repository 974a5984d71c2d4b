import { isDeepStrictEqual } from "node:util";
import type { Lab } from "crossfade-lab/lab.ts";
import { ClusterView } from "../../support/lab/lab-cluster.ts";
import type { World } from "../../support/lab/lab-run.ts";

interface ConfigMapObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** Status of helm's newest revision: earlier ones that a killed helm left pending stay in its history and bother nobody. */
function newestRelease(lab: Lab): string | null {
  const releases = lab.store.list("secrets").filter(({ metadata: { labels = {} } }) => labels.owner === "helm");
  const newest = releases.toSorted(
    (a, b) => Number(b.metadata.labels?.version) - Number(a.metadata.labels?.version),
  )[0];
  return newest?.metadata.labels?.status ?? null;
}

/** All of the cluster that a migration decides, without what chance and time decide. */
export function endState({ lab }: World): Readonly<Record<string, unknown>> {
  const view = new ClusterView(lab);
  const nodes = lab.store.list("nodes").map((object) => {
    const { metadata } = object;
    const spec = object.spec as { unschedulable?: boolean; taints?: readonly { key: string }[] } | undefined;
    return [
      metadata.name,
      {
        files: view.files(metadata.name),
        labels: Object.keys(metadata.labels ?? {}).toSorted(),
        annotations: Object.keys(metadata.annotations ?? {}).filter((key) => key.includes("crossfade")),
        taints: (spec?.taints ?? []).map(({ key }) => key).toSorted(),
        cordoned: spec?.unschedulable === true,
        oldAddresses: view.podsAt("10.244.", metadata.name).length > 0,
        newAddresses: view.podsAt("10.245.", metadata.name).length > 0,
      },
    ] as const;
  });
  const config = lab.store.get<ConfigMapObject>("configmaps", "kube-system", "cilium-config");
  return {
    nodes: Object.fromEntries(nodes),
    nodeConfigs: view.nodeConfigs,
    release: newestRelease(lab),
    ciliumConfig: config?.data ?? null,
    flannel: view.flannel,
    // A DaemonSet's pods bear a name that chance gives.
    ours: view.ours.map((name) => name.replace(/^(pods .*)-[a-z0-9]{5}$/, "$1")),
    broken: view.broken,
  };
}

/** Where two end states differ, a line each. */
export function differences(
  wanted: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
): readonly string[] {
  return Object.keys(wanted)
    .filter((key) => !isDeepStrictEqual(wanted[key], found[key]))
    .map((key) => `${key} is ${JSON.stringify(found[key])}, not ${JSON.stringify(wanted[key])}`);
}
