import type { CniDriver } from "../cni/cni-driver.ts";
import type { LabOptions } from "../lab-options.ts";
import type { KubeObject, ResourceName, Store } from "../objects.ts";
import { bootstrapRoles } from "./bootstrap-roles.ts";
import { coreDns } from "./core-dns.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { apiEndpoints, kubeadmObjects } from "./kubeadm-objects.ts";
import { type ClusterFacts, plant, type Seed } from "./seed-world.ts";
import { workloads } from "./workloads.ts";

/** What there is before the first node is ready: what kubeadm brings, and the source CNI. */
export function plantSystem(store: Store, facts: ClusterFacts, source: CniDriver, { backend }: LabOptions): void {
  const manifest = source.manifest({ podCidr: facts.clusterCidr, backend });
  plant(store, [...bootstrapRoles(), ...kubeadmObjects(facts), ...apiEndpoints(facts), ...kubeProxy(facts)]);
  plant(
    store,
    manifest.map((object): Seed => [resourceOf(object), object]),
  );
}

/** What is to be spread over all nodes: DNS, and the workloads that a migration must not hurt. */
export function plantWorkloads(store: Store, facts: ClusterFacts, { pods }: LabOptions): void {
  plant(store, [...coreDns(facts), ...workloads(pods)]);
}

/** Good for the kinds of a CNI's manifest: none of their plurals is odd. */
function resourceOf({ apiVersion, kind }: KubeObject): ResourceName {
  const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}/` : "";
  return `${group}${kind.toLowerCase()}s`;
}
