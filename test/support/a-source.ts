import type { SourceFacts } from "../../src/engine/model/plan-types.ts";

/** Flannel as its own manifest sets it up. */
export const aSource: SourceFacts = {
  id: "flannel",
  name: "Flannel",
  version: "0.28.9",
  namespace: "kube-flannel",
  workloads: [{ kind: "DaemonSet", namespace: "kube-flannel", name: "kube-flannel-ds" }],
  confFile: "10-flannel.conflist",
  network: "cbr0",
  plugins: ["/opt/cni/bin/flannel"],
  stateFolders: ["/run/flannel"],
  nftImage: null,
  mode: "vxlan",
  encapsulations: [{ protocol: "vxlan", port: 8472, vni: 1 }],
  podCidrs: ["10.244.0.0/16"],
  mtu: 0,
  enforcesPolicies: false,
  own: null,
  ownsNamespace: true,
  namespaceKeepers: [],
};
