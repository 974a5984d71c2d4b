import type { CiliumTarget, SourceFacts } from "../../../src/engine/model/plan-types.ts";

export const aTarget: CiliumTarget = {
  version: "1.18.12",
  namespace: "kube-system",
  release: "cilium",
  chart: { repository: "https://helm.cilium.io/", name: "cilium" },
  chartDigest: "0".repeat(64),
  podCidr: "10.245.0.0/16",
  maskSize: 24,
  tunnelProtocol: "vxlan",
  tunnelPort: 8473,
  operatorReplicas: 2,
};

export const aSource: SourceFacts = {
  id: "flannel",
  name: "Flannel",
  version: "0.28.9",
  namespace: "kube-flannel",
  daemonSets: ["kube-flannel-ds"],
  confFile: "10-flannel.conflist",
  network: "cbr0",
  plugins: ["/opt/cni/bin/flannel"],
  stateFolders: ["/run/flannel"],
  nftImage: null,
  mode: "vxlan",
  encapsulations: [{ protocol: "vxlan", port: 8472, vni: 1 }],
  podCidrs: ["10.244.0.0/16"],
  mtu: 0,
  ownsNamespace: true,
  namespaceKeepers: [],
};
