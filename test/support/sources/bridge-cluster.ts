import type { ClusterFacts } from "../../../src/engine/model/facts.ts";
import { aCluster, aWorkload } from "../facts.ts";

/** The bridge's one DaemonSet. */
export const bridgeDaemon = aWorkload("DaemonSet", "kube-system", "bridge-cni", {
  images: ["registry.example.org/bridge-cni:v1.2.0"],
  confFiles: ["10-bridge.conflist"],
});

/** A cluster on the bridge. */
export const aBridgeCluster = (): ClusterFacts =>
  aCluster()
    .withNodes(3)
    .withWorkloads(bridgeDaemon)
    .withConfigMap("kube-system/bridge-cni", { range: "10.244.0.0/16" })
    .withKubeProxy().facts;
