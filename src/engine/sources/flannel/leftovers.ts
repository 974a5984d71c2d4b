import { ciliumConfFile } from "../../model/cilium-names.ts";
import type { LeftoverKinds } from "../../model/cluster/leftovers.ts";
import type { SourceFacts } from "../../model/plan-types.ts";
import type { Backend } from "./net-conf.ts";

const links: Readonly<Record<Backend, readonly string[]>> = {
  vxlan: [],
  "host-gw": [],
  wireguard: ["flannel-wg", "flannel-wg-v6"],
  ipip: ["flannel.ipip"],
};

/** Annotations by which the flannelds of a cluster told each other where they are; nobody else reads them. */
export const flannelAnnotation = "flannel.alpha.coreos.com/";

/** The daemon's state of its node. */
export const stateFolder = "/run/flannel";

/** Where the first init container of its manifest copies the plugin to; old manifests have none, and use a package's. */
export const flannelPlugin = "/opt/cni/bin/flannel";

/** A record is written by whoever may write ConfigMaps: what is no name of a configuration is none of Flannel's. */
const isConfFile = (file: unknown): file is string =>
  typeof file === "string" && /^[\w-][\w.-]*\.(conf|conflist|json)$/.test(file) && file !== ciliumConfFile;

/** Each of its DaemonSets may write a file of another name. */
function confFiles({ confFile, own }: SourceFacts): readonly string[] {
  const more: unknown = own?.["confFiles"];
  return [...new Set([confFile, ...(Array.isArray(more) ? more.filter(isConfFile) : [])])];
}

/** What Flannel leaves on every node: it cleans up nothing when it goes, and FLANNEL-POSTRTG would hide client addresses from policies (projectcalico/calico#12920). */
export function flannelLeftovers(source: SourceFacts): LeftoverKinds {
  const overlay = source.encapsulations.flatMap(({ vni }) =>
    vni === null ? [] : [`flannel.${vni}`, `flannel-v6.${vni}`],
  );
  return {
    links: ["cni0", ...overlay, ...(links[source.mode as Backend] ?? [])],
    // Also of vxlan, with DirectRouting.
    routes: true,
    blackholeRoutes: false,
    chainPrefixes: ["FLANNEL-"],
    ruleComments: [],
    ipsetPrefixes: [],
    nftTables: source.nftImage !== null ? ["ip flannel-ipv4", "ip6 flannel-ipv6"] : [],
    confFiles: confFiles(source).flatMap((file) => [file, `${file}.cilium_bak`]),
    folders: [stateFolder, "/var/lib/cni/flannel"],
    reservations: source.network === null ? null : `/var/lib/cni/networks/${source.network}`,
    plugins: [flannelPlugin],
    files: [],
    annotations: [flannelAnnotation],
    mounts: [stateFolder, "/var/lib/cni", "/opt/cni/bin"],
  };
}
