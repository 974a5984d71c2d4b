import type { LeftoverKinds } from "../../model/cluster/leftovers.ts";
import type { SourceFacts } from "../../model/plan-types.ts";
import { calicoSetup } from "./setup.ts";

/** Annotations by which calico-node tells its node's address; nobody else reads them. */
export const calicoAnnotation = "projectcalico.org/";

/** Where calico-node keeps its state of a node, besides the API. */
export const calicoFolders = ["/var/lib/calico", "/run/calico", "/run/nodeagent"] as const;

export const calicoPlugins = ["/opt/cni/bin/calico", "/opt/cni/bin/calico-ipam"] as const;

/** Beside its conflist: with a token that is good for a day. */
const kubeconfig = "calico-kubeconfig";

/** All that stays on a node once its pods are gone; its rule in cali-INPUT would drop UDP 4789 of hosts that nobody keeps up to date. */
export function calicoLeftovers({ confFile, own }: Pick<SourceFacts, "confFile" | "own">): LeftoverKinds {
  return {
    links: ["vxlan.calico", "vxlan-v6.calico", "tunl0", "wireguard.cali", "wg-v6.cali"],
    routes: true,
    blackholeRoutes: true,
    chainPrefixes: ["cali-"],
    ruleComments: ["cali:"],
    ipsetPrefixes: ["cali40", "cali60"],
    // Seeing one takes an image that has nft: it is named only where there may be one.
    nftTables: calicoSetup({ own }).dataPlane === "nftables" ? ["ip calico", "ip6 calico"] : [],
    confFiles: [confFile, `${confFile}.cilium_bak`, kubeconfig],
    folders: [...calicoFolders, "/var/log/calico"],
    reservations: null,
    plugins: [...calicoPlugins],
    files: ["/var/lib/cni/results/k8s-pod-network-*"],
    annotations: [calicoAnnotation],
    mounts: [...calicoFolders, "/var/log/calico", "/var/lib/cni", "/opt/cni/bin"],
  };
}
