import type { WorkloadFacts } from "../../../src/engine/model/facts.ts";
import { aCalicoCluster, anInstallation, anObject, anOperatorCluster, aPool } from "../../support/calico.ts";
import type { Row } from "./judging.ts";

const withEnv = (env: WorkloadFacts["env"]) => () => aCalicoCluster({ daemonSet: { env } });
const peer = anObject("rack-1", { peerIP: "192.0.2.1", asNumber: 64_512 });

/** How Calico may be set up, and what stands in the way of moving it. */
export const calicoRows: readonly Row[] = [
  ["source-supported", "ok", "Calico's manifest with VXLAN", () => aCalicoCluster()],
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
];
