import type { SourceObject } from "../../src/engine/model/cluster/source-object.ts";
import type { WorkloadFacts } from "../../src/engine/model/facts.ts";
import type { JsonObject } from "../../src/engine/model/plan-types.ts";
import { aCluster, aPod, aWorkload, type ClusterBuilder, ownedBy } from "./facts.ts";

/** One of Calico's objects, as its API serves it. */
export const anObject = (
  name: string,
  spec: JsonObject,
  over: Partial<SourceObject> & Partial<SourceObject["metadata"]> = {},
): SourceObject => {
  const { namespace, labels = {}, annotations = {}, owners = [], apiVersion = "crd.projectcalico.org/v1" } = over;
  const metadata = { name, labels, annotations, owners, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion, metadata, spec, status: over.status ?? {} };
};

/** The pool of calico-vxlan.yaml, with VXLAN between all nodes. */
export const aPool = (over: JsonObject = {}, name = "default-ipv4-ippool"): SourceObject =>
  anObject(name, {
    allowedUses: ["Workload", "Tunnel"],
    blockSize: 26,
    cidr: "10.244.0.0/16",
    ipipMode: "Never",
    natOutgoing: true,
    nodeSelector: "all()",
    vxlanMode: "Always",
    ...over,
  });

/** What its own manifest of 3.28 sets. */
const ofManifest: Partial<WorkloadFacts> = {
  labels: { "k8s-app": "calico-node" },
  images: ["docker.io/calico/cni:v3.28.5", "docker.io/calico/node:v3.28.5"],
  env: { CNI_CONF_NAME: "10-calico.conflist", DATASTORE_TYPE: "kubernetes", CALICO_NETWORKING_BACKEND: "vxlan" },
};

interface CalicoOptions {
  readonly namespace?: string;
  readonly daemonSet?: Partial<WorkloadFacts>;
  readonly pools?: readonly SourceObject[];
  /** More of its objects, by kind and group. */
  readonly objects?: Readonly<Record<string, readonly SourceObject[]>>;
}

/** A healthy cluster of three nodes on Calico of its manifest. */
export function aCalicoCluster(options: CalicoOptions = {}): ClusterBuilder {
  const { namespace = "kube-system", daemonSet = {}, pools = [aPool()], objects = {} } = options;
  const cluster = aCluster().withNodes(3).withKubeProxy();
  const own = cluster.facts.nodes.map(({ name }, index) =>
    aPod(namespace, `calico-node-${index}`, {
      node: name,
      hostNetwork: true,
      owner: ownedBy("DaemonSet", "calico-node"),
      labels: { "k8s-app": "calico-node" },
    }),
  );
  return cluster
    .withPods(...own)
    .withWorkloads(aWorkload("DaemonSet", namespace, "calico-node", { ...ofManifest, ...daemonSet }))
    .withConfigMap("kube-system/calico-config", { calico_backend: "vxlan", veth_mtu: "0" })
    .with({ sourceObjects: { "ippools.crd.projectcalico.org": pools, ...objects } });
}

/** The operator's one object, as it is asked for and as the operator fills it in. */
export const anInstallation = (spec: JsonObject, computed: JsonObject = {}): SourceObject =>
  anObject("default", spec, { apiVersion: "operator.tigera.io/v1", status: { computed } });

/** The same by the Tigera operator. */
export const anOperatorCluster = (
  spec: JsonObject = { calicoNetwork: { bgp: "Disabled", nodeAddressAutodetectionV4: { firstFound: true } } },
): ClusterBuilder =>
  aCalicoCluster({
    namespace: "calico-system",
    daemonSet: { env: { DATASTORE_TYPE: "kubernetes", IP_AUTODETECTION_METHOD: "first-found" } },
    objects: { "installations.operator.tigera.io": [anInstallation(spec)] },
  });
