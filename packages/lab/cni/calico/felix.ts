import type { Machine } from "../../machine.ts";
import { bareAddress, inCidr, parseCidr } from "../../network/cidr.ts";
import type { KubeObject, Store } from "../../objects.ts";
import type { NodeObject } from "../kinds.ts";
import { ProjectedWatch } from "../projected-watch.ts";
import type { NodeAddress } from "./detection.ts";
import { followEndpoints } from "./endpoints.ts";
import { type BlockAffinity, type IPPool, isServed, resource } from "./kinds.ts";
import { addEndpoint, ensureChains } from "./rules.ts";

/** Annotations by which the nodes of a cluster know each other. */
export const annotations = {
  address: "projectcalico.org/IPv4Address",
  vxlan: "projectcalico.org/IPv4VXLANTunnelAddr",
  ipip: "projectcalico.org/IPv4IPIPTunnelAddr",
} as const;

interface Peer {
  readonly address: string;
  readonly tunnel: string | null;
}

type Pool = IPPool["spec"];

const peers = new ProjectedWatch<Peer>("nodes", ({ metadata }: KubeObject) => {
  const notes = (metadata as NodeObject["metadata"]).annotations ?? {};
  const address = notes[annotations.address];
  return address ? { address, tunnel: notes[annotations.vxlan] ?? null } : null;
});
const owned = new ProjectedWatch<{ readonly node: string; readonly cidr: string }>(
  resource("blockaffinities"),
  (object) => {
    const { node, cidr } = (object as BlockAffinity).spec;
    return { node, cidr };
  },
);
const pools = new ProjectedWatch<Pool>(resource("ippools"), (object) => (object as IPPool).spec);

/** The tunnel that a machine's pools ask for, and the daemon's settings for it. */
export interface FelixSettings {
  readonly vxlanPort: number;
  readonly vni: number;
  /** Without a network of its own it keeps policies alone. */
  readonly routes: boolean;
}

/** What Felix, and BIRD beside it, keep on one machine. All of it stays when they stop, and when their kinds are no longer served. */
export class Felix {
  readonly #machine: Machine;
  readonly #store: Store;
  readonly #settings: FelixSettings;
  readonly #peers = new Map<string, Peer>();
  readonly #blocks = new Map<string, string>();
  readonly #pools = new Map<string, Pool>();
  #own: NodeAddress | null = null;
  #tunnel: string | null = null;
  #ended: (() => void)[] = [];

  constructor(machine: Machine, store: Store, settings: FelixSettings) {
    this.#machine = machine;
    this.#store = store;
    this.#settings = settings;
  }

  /** Begins with what there is. */
  start(): void {
    this.#refresh();
    const machine = this.#machine;
    this.#ended = [followEndpoints(machine, (wire) => addEndpoint(machine, wire)), ...this.#follow()];
  }

  stop(): void {
    for (const end of this.#ended) end();
  }

  /** Looks again whether chains are as they should be. */
  ensure(): void {
    if (this.#machine.up) this.#refresh();
  }

  /** The node goes by this address from now on: its tunnel moves onto the link that bears it. */
  announce(own: NodeAddress, tunnel: { readonly kind: "vxlan" | "ipip"; readonly address: string } | null): void {
    this.#own = own;
    this.#tunnel = tunnel?.kind ?? null;
    if (tunnel) this.#setUpTunnel(own, tunnel);
    this.#sets();
    for (const node of new Set(this.#blocks.values())) this.#routesTo(node);
  }

  #follow(): (() => void)[] {
    const ends = [pools.subscribe(this.#store, (name, pool) => this.#poolChanged(name, pool))];
    if (!this.#settings.routes) return ends;
    return [
      ...ends,
      peers.subscribe(this.#store, (name, peer) => {
        if (peer) this.#peers.set(name, peer);
        else this.#peers.delete(name);
        this.#sets();
        this.#routesTo(name);
      }),
      owned.subscribe(this.#store, (name, block) => this.#blockChanged(name, block)),
    ];
  }

  #poolChanged(name: string, pool: Pool | null): void {
    if (pool) this.#pools.set(name, pool);
    else if (!isServed(this.#store)) return;
    else this.#pools.delete(name);
    this.#sets();
    for (const node of new Set(this.#blocks.values())) this.#routesTo(node);
  }

  readonly #affinities = new Map<string, string>();

  #blockChanged(name: string, block: { readonly node: string; readonly cidr: string } | null): void {
    const cidr = block?.cidr ?? this.#affinities.get(name);
    if (cidr === undefined || (!block && !isServed(this.#store))) return;
    if (block) {
      this.#affinities.set(name, cidr);
      this.#blocks.set(cidr, block.node);
      this.#routesTo(block.node);
    } else {
      this.#affinities.delete(name);
      this.#blocks.delete(cidr);
      if (this.#machine.up) this.#machine.routes.delete(cidr);
    }
  }

  #refresh(): void {
    const { vxlanPort, routes } = this.#settings;
    ensureChains(this.#machine, routes ? vxlanPort : null);
  }

  /** The kernel takes one tunnel link per UDP port; Felix goes on without, and says so in its log alone. */
  #setUpTunnel(
    own: NodeAddress,
    { kind, address }: { readonly kind: "vxlan" | "ipip"; readonly address: string },
  ): void {
    const { links, udpPorts } = this.#machine;
    const name = kind === "vxlan" ? "vxlan.calico" : "tunl0";
    const card = this.#machine.links.get(own.link)?.kind === "ether";
    const link = { name, kind, address: `${address}/32`, owner: "calico", over: own.link, mtu: mtuOf(kind, card) };
    const { vxlanPort } = this.#settings;
    const holder = udpPorts.get(vxlanPort);
    if (kind === "vxlan" && holder !== undefined && holder !== name) return;
    if (links.get(name)?.over !== own.link) links.delete(name);
    links.set(name, link);
    if (kind === "vxlan") udpPorts.set(vxlanPort, name);
  }

  #sets(): void {
    if (!this.#machine.up) return;
    const { ipsets, name, ip } = this.#machine;
    const all = [...this.#pools.values()];
    ipsets.set("cali40all-ipam-pools", new Set(all.map(({ cidr }) => cidr)));
    ipsets.set(
      "cali40masq-ipam-pools",
      new Set(all.flatMap(({ cidr, natOutgoing }) => (natOutgoing === true ? [cidr] : []))),
    );
    ipsets.set("cali40this-host", new Set(["127.0.0.0", "127.0.0.1", ip]));
    if (!this.#settings.routes) return;
    const others = [...this.#peers].filter(([node]) => node !== name).map(([, { address }]) => bareAddress(address));
    const set = this.#tunnel === "ipip" ? "cali40all-hosts-net" : "cali40all-vxlan-net";
    ipsets.set(set, new Set(others));
  }

  #routesTo(node: string): void {
    const { routes, name, up } = this.#machine;
    if (!up || !this.#settings.routes) return;
    for (const [cidr, owner] of this.#blocks) {
      if (owner !== node) continue;
      const via = node === name ? `blackhole proto ${this.#tunnel === "ipip" ? "bird" : "80"}` : this.#way(cidr, node);
      if (via === null) routes.delete(cidr);
      else routes.set(cidr, via);
    }
  }

  /** How another node's block is reached; null while too little is known of that node. */
  #way(cidr: string, node: string): string | null {
    const peer = this.#peers.get(node);
    const pool = [...this.#pools.values()].find((each) => inCidr(bareAddress(cidr), each.cidr));
    if (!peer || !pool || !this.#own) return null;
    const gateway = bareAddress(peer.address);
    const near = sameSubnet(this.#own.address, peer.address);
    const by = (mode: string | undefined) => mode === "Always" || (mode === "CrossSubnet" && !near);
    if (by(pool.vxlanMode)) return peer.tunnel ? `via ${peer.tunnel} dev vxlan.calico onlink` : null;
    if (by(pool.ipipMode)) return `via ${gateway} dev tunl0 proto bird onlink`;
    return `via ${gateway} dev ${this.#own.link} proto ${pool.ipipMode === "CrossSubnet" ? "bird" : "80 onlink"}`;
  }
}

/** What is left of the link below; a tunnel in Cilium's has room for less. */
function mtuOf(kind: "vxlan" | "ipip", overCard: boolean): number {
  const own = overCard ? 1_500 : 1_450;
  return own - (kind === "vxlan" ? 50 : 20);
}

function sameSubnet(mine: string, theirs: string): boolean {
  return parseCidr(mine).bits === parseCidr(theirs).bits && inCidr(bareAddress(theirs), mine);
}
