import { type Datapath, datapathOf } from "../cni/cilium/datapath.ts";
import type { Link, Machine } from "../machine.ts";
import { bareAddress, inCidr, ipNumber, ipText } from "./cidr.ts";
import type { HostPassage } from "./policy/guard.ts";

/** One way of one packet between two root namespaces: the links that it took, or why it was lost. */
export type Carried =
  | { readonly ok: true; readonly via: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/** The next hop for an address by the longest prefix in the main table: a link's name, a gateway, or null for the node's own network. */
export function route(machine: Machine, ip: string): string | null {
  const number = ipNumber(ip);
  for (let bits = 32; bits > 0; bits--) {
    const via = machine.routes.get(`${ipText(number - (number % 2 ** (32 - bits)))}/${bits}`);
    if (via !== undefined) return nextHop(via);
  }
  return null;
}

const isCard = (link: string) => /^(eth|ens|enp)/.test(link);

/** Of "via GATEWAY dev LINK": the gateway where the link is the machine's card, else the link, where a tunnel begins. */
function nextHop(via: string): string {
  const [, gateway, link] = /^(?:via (\S+) )?dev (\S+)/.exec(via) ?? [];
  if (link === undefined) return via.split(" ")[0] ?? via;
  return gateway !== undefined && isCard(link) ? gateway : link;
}

/** True for every address that a link of the machine's root namespace bears. */
function isOwnAddress(machine: Machine, ip: string): boolean {
  if (machine.ip === ip) return true;
  for (const { address } of machine.links.values()) if (address !== null && bareAddress(address) === ip) return true;
  return false;
}

/** Brings a packet for `ip` from one machine to the machine where the address lives, by the routes and links of this moment. */
export function carry(from: Machine, to: Machine, sent: Sent): Carried {
  const { ip } = sent;
  if (!from.up) return lost(`${from.name} is down`);
  if (!to.up) return lost(`${to.name} is down`);
  if (isOwnAddress(from, ip)) return from === to ? arrived() : lost(`${ip} is an address of ${from.name} itself`);
  const via = route(from, ip);
  if (via === null || isCard(via)) {
    return ip === to.ip ? arrived("eth0") : lost(`no route to ${ip} on ${from.name}`);
  }
  if (/^\d/.test(via)) return throughGateway(from, to, ip, via);
  return throughLink({ from, to, ...light, ...sent }, via);
}

/** Why a machine does not take a tunnel's packet from another; null where it does. */
export type TunnelGate = (passage: HostPassage) => string | null;

const open: TunnelGate = () => null;

interface Sent {
  readonly ip: string;
  readonly bytes?: number;
  readonly gate?: TunnelGate;
}

interface Packet {
  readonly from: Machine;
  readonly to: Machine;
  readonly ip: string;
  readonly bytes: number;
  readonly gate: TunnelGate;
}

function throughGateway(from: Machine, to: Machine, ip: string, gateway: string): Carried {
  if (from === to || gateway !== to.ip) return lost(`the route to ${ip} on ${from.name} leads to ${gateway}`);
  if (!isNeighbour(from, gateway))
    return lost(`${gateway} is in another subnet than ${from.name}: no neighbour answers`);
  return then(arrived("eth0"), deliver(to, ip));
}

/** Whether an address is in the subnet of a machine's card: a gateway is found by its hardware address, for which nobody answers across a router. */
export function isNeighbour({ links }: Machine, gateway: string): boolean {
  const card = [...links.values()].find(({ kind, address }) => kind === "ether" && address !== null);
  return card?.address == null || inCidr(gateway, card.address);
}

function throughLink(packet: Packet, name: string): Carried {
  const { from, to, ip } = packet;
  if (name === "blackhole") return lost(`${ip} falls into a blackhole route on ${from.name}`);
  const link = from.links.get(name);
  if (!link) return lost(`${name} is missing on ${from.name}`);
  if (name === "cilium_host") return from === to ? localCilium(to) : throughCilium(from, to, packet);
  if (isLocal(link)) return from === to ? arrived(name) : lost(`${ip} is routed to ${name} on ${from.name}`);
  return throughTunnel(packet, name);
}

/** A link that leads to sandboxes of its own machine. */
const isLocal = ({ kind }: Link) => kind === "bridge" || kind === "veth";

function throughTunnel(packet: Packet, name: string): Carried {
  const { from, to, ip } = packet;
  if (from === to) return lost(`${ip} is routed away over ${name} on ${from.name}`);
  const missing = tunnelFault(from, to, name) ?? dropped(from, to, packet, portOf(from, name));
  return missing === null ? then(arrived(name), deliver(to, ip)) : lost(missing);
}

/** Both ends of another overlay's tunnel must be there and speak on one port. */
function tunnelFault(from: Machine, to: Machine, name: string): string | null {
  if (to.links.get(name)?.owner !== from.links.get(name)?.owner) return `${name} is missing on ${to.name}`;
  const astray = [from, to].find((machine) => !isCard(machine.links.get(name)?.over ?? "eth0"));
  if (astray) return `${name} on ${astray.name} sends by ${astray.links.get(name)?.over}`;
  if (from.links.get(name)?.kind === "ipip") return null;
  const port = portOf(from, name);
  return port === null || portOf(to, name) !== port ? `${name} uses another port on ${to.name}` : null;
}

/** The last hop, once the packet is in the target's root namespace. */
function deliver(to: Machine, ip: string): Carried {
  if (isOwnAddress(to, ip)) return arrived();
  const via = route(to, ip);
  if (via === "cilium_host") return localCilium(to);
  const link = via === null ? undefined : to.links.get(via);
  if (link && isLocal(link)) return arrived(link.name);
  return lost(`no route to ${ip} on ${to.name}`);
}

function localCilium(machine: Machine): Carried {
  if (!datapathOf(machine)) return lost(`Cilium's datapath is not loaded on ${machine.name}`);
  return arrived("cilium_host");
}

/** Cilium's own overlay: both ends loaded, and encapsulated alike. */
export function throughCilium(from: Machine, to: Machine, packet: Weight = light): Carried {
  const down = [from, to].find(({ up }) => !up);
  if (down) return lost(`${down.name} is down`);
  const [sends, receives] = [datapathOf(from), datapathOf(to)];
  if (!sends) return lost(`Cilium's datapath is not loaded on ${from.name}`);
  if (!receives) return lost(`Cilium's datapath is not loaded on ${to.name}`);
  if (!sends.tunnel || !receives.tunnel) {
    return lost("Cilium routes natively, and the lab's nodes have no routes to each other's ranges");
  }
  const { link, port } = sends.tunnel;
  const why = mismatch([from, sends.tunnel], [to, receives.tunnel]) ?? dropped(from, to, packet, port);
  return why === null ? arrived("cilium_host", link) : lost(why);
}

type TunnelEnd = readonly [machine: Machine, tunnel: NonNullable<Datapath["tunnel"]>];

/** Why the two ends do not make one tunnel; null where they do. */
function mismatch([from, sends]: TunnelEnd, [to, receives]: TunnelEnd): string | null {
  for (const machine of [from, to])
    if (!machine.links.has(sends.link)) return `${sends.link} is missing on ${machine.name}`;
  const same = receives.port === sends.port && receives.protocol === sends.protocol;
  return same ? null : `${from.name} and ${to.name} tunnel by different protocols or ports`;
}

/** What VXLAN and Geneve put around a packet. */
const encapsulation = 50;
const smallPacket = 100;

type Weight = Pick<Packet, "bytes" | "gate">;
const light: Weight = { bytes: smallPacket, gate: open };

/** Why a firewall between the two throws a tunnel's packet away; null where it does not. */
function dropped(from: Machine, to: Machine, { bytes, gate }: Weight, port: number | null): string | null {
  const protocol = port === null ? "ipip" : "udp";
  const refused = gate({ machine: to, from: from.ip, protocol, port: port ?? 0 });
  return refused ?? (port === null ? null : droppedOnTheWay(from, to, port, bytes));
}

/** Why a firewall throws a UDP packet away that is for the machine itself. */
export const droppedDatagram = (from: Machine, to: Machine, port: number, bytes = smallPacket): string | null =>
  from === to ? null : droppedOnTheWay(from, to, port, bytes - encapsulation);

function droppedOnTheWay(from: Machine, to: Machine, port: number, bytes: number): string | null {
  for (const { from: name, butPorts, longerThan } of to.drops) {
    if (name !== from.name || butPorts?.includes(port) || bytes + encapsulation <= longerThan) continue;
    return longerThan === 0
      ? `UDP ${port} from ${name} is dropped on ${to.name}`
      : `packets above ${longerThan} bytes from ${name} are dropped on ${to.name}`;
  }
  return null;
}

function portOf(machine: Machine, link: string): number | null {
  for (const [port, holder] of machine.udpPorts) if (holder === link) return port;
  return null;
}

function arrived(...via: string[]): Carried {
  return { ok: true, via };
}

export function lost(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

function then(first: Carried, second: Carried): Carried {
  if (!first.ok) return first;
  return second.ok ? { ok: true, via: [...first.via, ...second.via] } : second;
}
