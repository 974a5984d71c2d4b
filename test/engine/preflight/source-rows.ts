import { aFlannelCluster, aNode, anywhere, secondaryConfig } from "../../support/facts.ts";
import { daemon, flannelChanged, healthy, type Row } from "./judging.ts";

const unready = () => {
  const { pods } = aFlannelCluster().facts;
  return healthy().with({
    pods: pods.map((pod) => (pod.name === "kube-flannel-ds-1" ? { ...pod, ready: false } : pod)),
  });
};

const inKubeSystem = () => {
  const { configMaps } = aFlannelCluster().facts;
  const moved = configMaps["kube-flannel/kube-flannel-cfg"] ?? {};
  return flannelChanged({ namespace: "kube-system" }).with({
    configMaps: { ...configMaps, "kube-system/kube-flannel-cfg": moved },
  });
};

const guest = {
  apiVersion: "v1",
  kind: "Secret",
  name: "guest",
  owners: [],
  serviceAccount: "",
  managedBy: "",
} as const;

const servedByLabel = () => {
  const cluster = flannelChanged({ placement: { ...anywhere, nodeSelector: { net: "flannel" } } });
  return cluster.with({ nodes: [...cluster.facts.nodes, aNode("odd", {})] });
};

/** What depends on the source, on what serves its nodes, and on what is in its place already. */
export const sourceRows: Row[] = [
  ["source-healthy", "blocker", "a pod of it is not Ready", unready],
  ["source-namespace", "ok", "it is in one that is not its own", inKubeSystem],
  [
    "source-namespace",
    "warning",
    "something else is in it",
    () => healthy().with({ namespaceContents: { "kube-flannel": { objects: [guest], unknown: [] } } }),
  ],
  [
    "existing-cilium",
    "blocker",
    "a node has a range outside of its pool",
    () =>
      healthy()
        .withCilium(secondaryConfig)
        .with({
          ciliumNodes: [
            { name: "worker-1", podCidrs: ["10.9.3.0/24"], ciliumInternalIps: [], healthIp: null, error: "" },
          ],
        }),
  ],
  [
    "network-policies",
    "warning",
    "an engine enforces them now",
    () => daemon("kube-network-policies").with({ policies: { "networkpolicies.networking.k8s.io": 1 } }),
  ],
  ["nodes-excluded", "warning", "no DaemonSet of the source serves one", servedByLabel],
  [
    "nodes-ready",
    "blocker",
    "all nodes are virtual",
    () =>
      healthy()
        .with({ pods: [] })
        .changeNodes({ labels: { "eks.amazonaws.com/compute-type": "fargate" } }),
  ],
];
