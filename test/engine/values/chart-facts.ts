import type { CiliumTarget } from "../../../src/engine/model/plan-types.ts";

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
