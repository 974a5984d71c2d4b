import type { SourceObject } from "../../../src/engine/model/cluster/source-object.ts";
import type { WorkloadFacts } from "../../../src/engine/model/facts.ts";
import type { JsonObject } from "../../../src/engine/model/plan-types.ts";
import { aCalicoCluster, anInstallation, anObject, anOperatorCluster, aPool } from "../../support/calico.ts";
import { aPod, aWorkload } from "../../support/facts.ts";
import type { Row } from "./judging.ts";

const withEnv = (env: WorkloadFacts["env"]) => () => aCalicoCluster({ daemonSet: { env } });
const peer = anObject("rack-1", { peerIP: "192.0.2.1", asNumber: 64_512 });

/** As calico-etcd.yaml has it: no datastore is named, but where etcd is. */
const inEtcd = (pools: readonly SourceObject[]) =>
  aCalicoCluster({ daemonSet: { env: {} }, pools }).withConfigMap("kube-system/calico-config", {
    calico_backend: "bird",
    etcd_endpoints: "https://10.0.0.1:2379",
  });

const policyOnly = () =>
  aCalicoCluster({
    pools: [],
    objects: { "installations.operator.tigera.io": [anInstallation({ cni: { type: "AmazonVPC" } })] },
  });

const onOneNode = (spec: JsonObject) =>
  aCalicoCluster({ objects: { "felixconfigurations.crd.projectcalico.org": [anObject("node.worker-1", spec)] } });

const beside = (over: JsonObject) => () =>
  aCalicoCluster({ pools: [aPool(), aPool({ cidr: "10.246.0.0/16", ...over }, "beside")] });
const onThere = { podCidr: "10.246.0.0/16" };

/** How Calico may be set up, and what stands in the way of moving it. */
export const calicoRows: readonly Row[] = [
  ["source-supported", "ok", "Calico's manifest with VXLAN", () => aCalicoCluster()],
  [
    "single-replicas",
    "ok",
    "Calico's own controllers, which go with it",
    () =>
      aCalicoCluster().withWorkloads(aWorkload("Deployment", "kube-system", "calico-kube-controllers", { desired: 1 })),
  ],
  ["source-supported", "warning", "Calico by its operator", () => anOperatorCluster()],
  [
    "source-supported",
    "warning",
    "Calico with IPIP",
    () => aCalicoCluster({ pools: [aPool({ vxlanMode: "Never", ipipMode: "Always" })] }),
  ],
  [
    "source-supported",
    "warning",
    "Calico with BGP peers",
    () => aCalicoCluster({ objects: { "bgppeers.crd.projectcalico.org": [peer] } }),
  ],
  [
    "source-supported",
    "blocker",
    "Calico without overlay",
    () => aCalicoCluster({ pools: [aPool({ vxlanMode: "Never" })] }),
  ],
  ["source-supported", "blocker", "Calico's eBPF data plane", withEnv({ FELIX_BPFENABLED: "true" })],
  ["source-supported", "blocker", "Calico's WireGuard", withEnv({ FELIX_WIREGUARDENABLED: "true" })],
  ["source-supported", "blocker", "Calico's state in etcd", withEnv({ DATASTORE_TYPE: "etcdv3" })],
  ["source-supported", "blocker", "Calico of its manifest for etcd", () => inEtcd([])],
  ["source-supported", "blocker", "Calico in etcd with pools of an earlier life in the API", () => inEtcd([aPool()])],
  ["source-supported", "blocker", "Calico's policies alone, so without a pool", policyOnly],
  ["source-supported", "blocker", "Calico that carries no packets", withEnv({ CALICO_NETWORKING_BACKEND: "none" })],
  ["source-supported", "blocker", "Calico's eBPF data plane on one node", () => onOneNode({ bpfEnabled: true })],
  ["source-supported", "blocker", "Calico's WireGuard on one node", () => onOneNode({ wireguardEnabled: true })],
  ["source-supported", "blocker", "Calico's policies beside another CNI", withEnv({ FELIX_INTERFACEPREFIX: "eni" })],
  [
    "source-supported",
    "blocker",
    "Calico's VPP data plane",
    () =>
      aCalicoCluster({
        objects: {
          "installations.operator.tigera.io": [anInstallation({ calicoNetwork: { linuxDataplane: "VPP" } })],
        },
      }),
  ],
  ["cidr-disjoint", "warning", "the range of a disabled IPPool", beside({ disabled: true }), onThere],
  ["cidr-disjoint", "blocker", "the range of load balancers", beside({ allowedUses: ["LoadBalancer"] }), onThere],
  [
    "source-supported",
    "blocker",
    "an IPv6 pool beside",
    () => aCalicoCluster({ pools: [aPool(), aPool({ cidr: "fd00:244::/48" }, "v6")] }),
  ],
  [
    "source-supported",
    "blocker",
    "pods with an IPv6 address of a pool that is gone",
    () => aCalicoCluster().withPods(aPod("shop", "web", { ips: ["10.244.3.7", "fd00:244::7"] })),
  ],
];
