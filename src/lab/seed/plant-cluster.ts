import { flannelManifest } from "../cni/flannel/flannel-manifest.ts";
import type { LabOptions } from "../lab-options.ts";
import type { KubeObject, ResourceName, Store } from "../objects.ts";
import { coreDns } from "./core-dns.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { apiEndpoints, kubeadmObjects } from "./kubeadm-objects.ts";
import { type ClusterFacts, plant, type Seed } from "./seed-world.ts";
import { workloads } from "./workloads.ts";

/** What there is before the first node: what kubeadm brings. */
export function plantSystem(store: Store, facts: ClusterFacts): void {
  plant(store, kubeadmObjects(facts));
  plant(store, [...apiEndpoints(facts), ...kubeProxy(facts), ...coreDns(facts)]);
}

/** The source CNI, and the workloads that a migration must not hurt. */
export function plantCluster(store: Store, facts: ClusterFacts, options: LabOptions): void {
  const flannel = flannelManifest({ podCidr: facts.clusterCidr, backend: options.backend });
  plant(
    store,
    flannel.map((object): Seed => [resourceOf(object), object]),
  );
  plant(store, workloads(options.pods));
}

/** Good for the kinds of Flannel's manifest: none of their plurals is odd. */
function resourceOf({ apiVersion, kind }: KubeObject): ResourceName {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind.toLowerCase()}s`;
}
