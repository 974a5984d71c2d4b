import { podLabel } from "../drain/judge.ts";
import { backupSuffix, ciliumConfFile } from "../model/cilium-names.ts";
import type { FolderLook, LeftOnNode } from "../model/cluster/leftovers.ts";
import type { CniFile, NodeFacts, PodFacts } from "../model/facts.ts";
import { someOf } from "../model/some-of.ts";
import { contains, parseCidr } from "../net/cidr.ts";
import { activeFiles } from "../observe/cni-files.ts";

/** The plugin's binary, which an init container of Cilium's puts on every node, moved or not. */
export const ciliumPlugin = "/opt/cni/bin/cilium-cni";
/** Written by another, so that rp_filter is off at every boot. */
export const ciliumSysctls = "/etc/sysctl.d/99-zzz-override_cilium.conf";

/** Folders in which Cilium leaves something on every node that it ran on. */
export const ciliumFolders = {
  plugins: "/opt/cni/bin",
  sysctls: "/etc/sysctl.d",
  links: "/sys/class/net",
  programs: "/sys/fs/bpf/cilium",
  maps: "/sys/fs/bpf/tc/globals",
} as const;

/** What was found on one node at the end of a rollback of all. */
export interface CiliumFound {
  readonly folders: Readonly<Record<keyof typeof ciliumFolders, FolderLook>>;
  readonly conf: readonly CniFile[] | { readonly unseen: string };
  readonly node: Pick<NodeFacts, "annotations" | "networkReason">;
  /** Pods of this node, by a fresh look. */
  readonly pods: readonly PodFacts[];
  /** Cilium's range. */
  readonly podCidr: string;
}

export interface CiliumJudged extends LeftOnNode {
  /** Files that are Cilium's and of no use to anybody. */
  readonly remove: readonly string[];
}

/** No name of LXC's own bridges and devices fits. */
const isLink = (name: string) => /^(cilium_(host|net|vxlan|geneve|wg0|tun)|lxc_health|lxc[0-9a-f]{12})$/.test(name);
const isMap = (name: string) => name.startsWith("cilium_");
const annotations = /^(network\.cilium\.io|cilium\.io|io\.cilium[a-z.]*)\//;

const untilRestart = "until the node's next restart";
const mostNames = 5;

/** What nothing that is left on the node can see without more power than looking is worth. */
const outOfSight = [
  `iptables chains CILIUM_*, routes and ip rules: seeing them takes NET_ADMIN; they stay ${untilRestart}`,
  `/run/cilium: a mount of the host's cgroups is in it; it stays ${untilRestart}`,
];

const namesOf = (look: FolderLook) => ("names" in look ? look.names : []);

/** Why the plugin must stay; null where no pod and no configuration needs it. */
function needsPlugin({ conf, pods, podCidr }: CiliumFound): string | null {
  const range = parseCidr(podCidr) === null ? null : podCidr;
  const user = pods.find(
    ({ hostNetwork, phase, ips }) =>
      !hostNetwork &&
      phase !== "Succeeded" &&
      phase !== "Failed" &&
      range !== null &&
      ips.some((ip) => contains(range, ip)),
  );
  // Its sandbox is torn down by the plugin.
  if (user !== undefined) return `Pod ${podLabel(user)} has an address of Cilium's`;
  if ("unseen" in conf) return "whether a CNI configuration names it is not known";
  const active = activeFiles(conf);
  const naming = conf.find(({ name, content }) => active.includes(name) && content.includes('"cilium-cni"'));
  return naming === undefined ? null : `${naming.name} names it`;
}

function confLeft({ conf }: CiliumFound): readonly string[] {
  if ("unseen" in conf) return [];
  const names = conf.map(({ name }) => name);
  return names.flatMap((name) => {
    if (name === ciliumConfFile)
      return [`/etc/cni/net.d/${name}: written again after it was removed; a pod that starts there finds no agent`];
    if (!name.endsWith(backupSuffix)) return [];
    const original = name.slice(0, -backupSuffix.length);
    const why = names.includes(original) ? `${original} is there again` : "not recorded before the node was moved";
    return [`/etc/cni/net.d/${name}: Cilium renamed it; ${why}, so it is its owner's to take`];
  });
}

function inKernel({ folders }: CiliumFound): readonly string[] {
  const links = namesOf(folders.links).filter(isLink);
  const programs = namesOf(folders.programs);
  const maps = namesOf(folders.maps).filter(isMap);
  return [
    ...(links.length === 0 ? [] : [`links ${someOf(links, mostNames)}: ${untilRestart}`]),
    ...(programs.length === 0
      ? []
      : [
          `BPF programs below ${ciliumFolders.programs} (${someOf(programs, mostNames)}), attached to devices: ${untilRestart}`,
        ]),
    ...(maps.length === 0 ? [] : [`${maps.length} BPF maps in ${ciliumFolders.maps}: ${untilRestart}`]),
  ];
}

function onNodeObject({ node }: CiliumFound): readonly string[] {
  const keys = Object.keys(node.annotations).filter((key) => annotations.test(key));
  return [
    ...(node.networkReason === "CiliumIsUp"
      ? ["condition NetworkUnavailable with reason CiliumIsUp: until the old CNI's daemon starts again"]
      : []),
    ...(keys.length === 0 ? [] : [`annotations ${someOf(keys, mostNames)}: Cilium's, or set by a user for it`]),
  ];
}

const places: readonly (readonly [folder: keyof typeof ciliumFolders, what: string])[] = [
  ["links", "links"],
  ["programs", ciliumFolders.programs],
  ["maps", ciliumFolders.maps],
  ["plugins", ciliumPlugin],
  ["sysctls", ciliumSysctls],
];

/** Tells what Cilium left and nobody needs from what stays, and until when; "looked" names what was looked at, and no more. */
export function judgeCilium(found: CiliumFound): CiliumJudged {
  const { folders, conf } = found;
  const hasPlugin = namesOf(folders.plugins).includes("cilium-cni");
  const needed = hasPlugin ? needsPlugin(found) : null;
  const hasSysctls = namesOf(folders.sysctls).includes("99-zzz-override_cilium.conf");
  const unseen = places.flatMap(([folder, what]) => {
    const look = folders[folder];
    return "unseen" in look ? [`${what}: ${look.unseen}`] : [];
  });
  return {
    of: "cilium",
    remove: [...(hasPlugin && needed === null ? [ciliumPlugin] : []), ...(hasSysctls ? [ciliumSysctls] : [])],
    left: [
      ...(needed === null ? [] : [`${ciliumPlugin}: ${needed}`]),
      ...confLeft(found),
      ...inKernel(found),
      ...onNodeObject(found),
    ],
    unseen: [...unseen, ...("unseen" in conf ? [`CNI configuration: ${conf.unseen}`] : []), ...outOfSight],
    looked: [
      ...places.flatMap(([folder, what]) => ("names" in folders[folder] ? [what] : [])),
      ...("unseen" in conf ? [] : ["CNI configuration"]),
      "the Node's conditions and annotations",
    ],
  };
}
