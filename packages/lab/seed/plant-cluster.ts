import { definitions, isEstablished } from "../cni/cilium/crd-state.ts";
import type { CniDriver } from "../cni/cni-driver.ts";
import { resourceOf } from "../cni/resource-of.ts";
import type { LabOptions } from "../lab-options.ts";
import type { KubeObject, Store } from "../objects.ts";
import { bootstrapRoles } from "./bootstrap-roles.ts";
import { coreDns } from "./core-dns.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { apiEndpoints, kubeadmObjects } from "./kubeadm-objects.ts";
import { type ClusterFacts, plant, type Seed } from "./seed-world.ts";
import { workloads } from "./workloads.ts";

/** What there is before the first node is ready: what kubeadm brings, and the source CNI. */
export function plantSystem(store: Store, facts: ClusterFacts, source: CniDriver, { backend }: LabOptions): void {
  plant(store, [...bootstrapRoles(), ...kubeadmObjects(facts), ...apiEndpoints(facts), ...kubeProxy(facts)]);
  plantManifest(store, source.manifest({ podCidr: facts.clusterCidr, backend }));
}

/** What is to be spread over all nodes: DNS, and the workloads that a migration must not hurt. */
export function plantWorkloads(store: Store, facts: ClusterFacts, { pods }: LabOptions): void {
  plant(store, [...coreDns(facts), ...workloads(pods)]);
}

/** An object of a kind that the same manifest defines comes once that is served, as with a second `kubectl apply`. */
function plantManifest(store: Store, manifest: readonly KubeObject[]): void {
  const groups = manifest
    .filter(({ kind }) => kind === definition)
    .map(({ spec }) => (spec as { group: string }).group);
  const isLater = ({ apiVersion }: KubeObject) => groups.includes(apiVersion.split("/")[0] ?? "");
  const seed = (object: KubeObject): Seed => [resourceOf(object), object];
  plant(store, manifest.filter((object) => !isLater(object)).map(seed));
  let waiting = manifest.filter(isLater).map(seed);
  if (waiting.length === 0) return;
  const stop = store.subscribe(definitions, () => {
    const ready = waiting.filter(([resource]) => isEstablished(store, resource.split("/").toReversed().join(".")));
    waiting = waiting.filter((each) => !ready.includes(each));
    plant(store, ready);
    if (waiting.length === 0) queueMicrotask(() => stop());
  });
}

const definition = "CustomResourceDefinition";
