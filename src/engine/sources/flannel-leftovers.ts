import type { LeftoverKinds } from "../model/cluster/leftovers.ts";
import type { SourceFacts } from "../model/plan-types.ts";

const links: Readonly<Record<SourceFacts["backend"], readonly string[]>> = {
  vxlan: [],
  "host-gw": [],
  wireguard: ["flannel-wg", "flannel-wg-v6"],
  ipip: ["flannel.ipip"],
};

/** Annotations by which the flannelds of a cluster told each other where they are; nobody else reads them. */
export const flannelAnnotation = "flannel.alpha.coreos.com/";

/** What Flannel leaves on every node: it cleans up nothing when it goes, and FLANNEL-POSTRTG would hide client addresses from policies. */
export function flannelLeftovers(source: SourceFacts): LeftoverKinds {
  const overlay = source.vni === null ? [] : [`flannel.${source.vni}`, `flannel-v6.${source.vni}`];
  return {
    links: ["cni0", ...overlay, ...links[source.backend]],
    // Also of vxlan, with DirectRouting.
    routes: true,
    chainPrefixes: ["FLANNEL-"],
    nftTables: source.nftImage !== null ? ["ip flannel-ipv4", "ip6 flannel-ipv6"] : [],
    confFiles: [source.confFile, `${source.confFile}.cilium_bak`],
    folders: ["/run/flannel", "/var/lib/cni/flannel"],
    reservations: `/var/lib/cni/networks/${source.network}`,
    plugins: ["/opt/cni/bin/flannel"],
  };
}
