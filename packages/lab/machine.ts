/** A network link of a node in its root namespace. */
export interface Link {
  readonly name: string;
  readonly kind: "bridge" | "vxlan" | "geneve" | "ipip" | "wireguard" | "veth" | "dummy" | "ether";
  readonly address: string | null;
  /** Who made it: a CNI's name, "kubelet". */
  readonly owner: string;
  /** The bridge that it is plugged into; nothing passes once that is gone. */
  readonly master?: string;
  /** The link that a tunnel's outer packets leave by; a machine's own card where nothing is said. */
  readonly over?: string;
  /** Where it is not the usual one of its kind. */
  readonly mtu?: number;
}

/** What can be wrong with a machine, from its next boot or its next pod on; a scenario puts it there, repairing takes it away. */
export type MachineFault =
  /** It does not come up again once its power is gone. */
  | "stays-off"
  /** It restarts without a new kernel, as a container or a resumed snapshot does. */
  | "keeps-boot-id"
  /** Its container runtime does not answer after a boot. */
  | "runtime-down"
  /** DHCP gives it another address at its next boot. */
  | "new-address"
  /** Its Cilium agent exits as soon as it is to take the node over. */
  | "agent-crashes"
  /** Its Cilium agent writes the CNI configuration into a mount of its own, and believes that the node has it. */
  | "cni-file-lost"
  /** Its container runtime reads its CNI configuration from another folder than the one that the agent writes to. */
  | "runtime-reads-elsewhere";

/** What a firewall before a machine throws away of the UDP packets that come from another machine. */
export interface DropRule {
  /** The other machine's name. */
  readonly from: string;
  /** The only ports that it lets through; null drops on every port. */
  readonly butPorts: readonly number[] | null;
  /** Packets above this many bytes only, as with a path whose MTU is smaller than both ends believe; 0 drops all. */
  readonly longerThan: number;
}

/**
 * The computer under a node: what its disk, kernel and links are, apart from what the API says. A reboot clears links,
 * chains, routes and ports; the disk stays, but for what lies under /run and /sys.
 */
export interface Machine {
  readonly name: string;
  ip: string;
  bootId: string;
  /** False while it reboots or is switched off: its kubelet does nothing and no packet passes. */
  up: boolean;
  /** Absolute path → content. Directories are implied by what is in them. */
  readonly disk: Map<string, string>;
  readonly links: Map<string, Link>;
  /** "nat/KUBE-POSTROUTING" → rules, in iptables-save's words. */
  readonly chains: Map<string, string[]>;
  /** "ip NAME" → the range that its rules exempt from masquerading. */
  readonly nftTables: Map<string, string>;
  /** Name → members. */
  readonly ipsets: Map<string, Set<string>>;
  /** Destination CIDR → link, gateway, "via GATEWAY dev LINK onlink", "dev LINK scope link" or "blackhole proto 80", in the main table. */
  readonly routes: Map<string, string>;
  /** UDP port in use by a tunnel → name of the link that holds it; a second link on a port fails as the kernel does. */
  readonly udpPorts: Map<number, string>;
  readonly kernelVersion: string;
  /** As Go calls it: "amd64", "arm64". */
  readonly architecture: string;
  readonly faults: Set<MachineFault>;
  /** Outlives a reboot: it is the network's, not the machine's. */
  readonly drops: Set<DropRule>;
}
