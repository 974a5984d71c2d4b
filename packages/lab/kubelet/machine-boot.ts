import type { Machine } from "../machine.ts";
import type { Random } from "../random.ts";

/** Binaries of the standard CNI plugins, as a node's image brings them. */
const standardPlugins = ["bandwidth", "bridge", "host-local", "loopback", "portmap", "ptp"];

const kernel = "6.8.0-45-generic";
const builtIn = ["kernel/net/sched/sch_ingress.ko", "kernel/net/sched/cls_bpf.ko"];
const onDisk = [
  "kernel/drivers/net/vxlan/vxlan.ko.zst",
  "kernel/drivers/net/geneve.ko.zst",
  "kernel/net/netfilter/nft_compat.ko.zst",
  "kernel/net/ipv4/netfilter/iptable_nat.ko.zst",
];

/** A computer fresh from its image: standard CNI plugins, a network card, and no CNI configuration. */
export function createMachine(name: string, ip: string, random: Random, architecture = "amd64"): Machine {
  const machine: Machine = {
    name,
    ip,
    bootId: random.uuid(),
    up: true,
    disk: new Map([
      ["/etc/hostname", `${name}\n`],
      ["/etc/machine-id", `${random.uuid().replaceAll("-", "")}\n`],
      ["/etc/os-release", 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'],
      ["/etc/kubernetes/kubelet.conf", "apiVersion: v1\nkind: Config\n"],
      [`/lib/modules/${kernel}/modules.builtin`, builtIn.map((path) => `${path}\n`).join("")],
      [`/lib/modules/${kernel}/modules.dep`, onDisk.map((path) => `${path}:\n`).join("")],
      ...standardPlugins.map((plugin): [string, string] => [`/opt/cni/bin/${plugin}`, "ELF"]),
    ]),
    links: new Map(),
    chains: new Map(),
    nftTables: new Map(),
    ipsets: new Map(),
    routes: new Map(),
    udpPorts: new Map(),
    kernelVersion: kernel,
    architecture,
    faults: new Set(),
    drops: new Set(),
  };
  plugIn(machine);
  return machine;
}

/** File trees in memory. */
const volatile = ["/run/", "/tmp/", "/sys/"];

/** What a reboot does to a machine: everything in the kernel and under /run is gone, the rest of the disk stays. */
export function clearVolatile(machine: Machine): void {
  const { links, chains, nftTables, ipsets, routes, udpPorts } = machine;
  for (const state of [links, chains, nftTables, ipsets, routes, udpPorts]) state.clear();
  for (const path of machine.disk.keys()) {
    if (volatile.some((tree) => path.startsWith(tree))) machine.disk.delete(path);
  }
  plugIn(machine);
}

/** What DHCP hands out to a machine that it does not know any more: far behind the addresses of all that were planned. */
export function newLease(ip: string): string {
  const [a, b, c = "0", d] = ip.split(".");
  return [a, b, String((Number(c) + 100) % 256), d].join(".");
}

/** The kernel finds the network card at every boot. */
function plugIn(machine: Machine): void {
  machine.links.set("eth0", { name: "eth0", kind: "ether", address: `${machine.ip}/16`, owner: "kernel" });
}
