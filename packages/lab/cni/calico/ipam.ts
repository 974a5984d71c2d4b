import { createHash } from "node:crypto";
import type { Machine } from "../../machine.ts";
import { cidrSize, inCidr, ipNumber, nthAddress, parseCidr } from "../../network/cidr.ts";
import type { Store } from "../../objects.ts";
import { group } from "./definitions.ts";
import { type Attribute, type BlockAffinity, type IPAMBlock, type IPPool, resource } from "./kinds.ts";

const blocks = resource("ipamblocks");
const affinities = resource("blockaffinities");
const handles = resource("ipamhandles");

const nameOf = (cidr: string) => cidr.replaceAll(/[./]/g, "-");

/** An address of the node's blocks, of a new block where they are full; throws in calico-ipam's words. */
export function assign(store: Store, node: string, attribute: (ip: string) => Attribute): string {
  for (const block of blocksOf(store, node)) {
    const taken = takeFrom(store, block.metadata.name, attribute);
    if (taken !== null) return taken;
  }
  const taken = takeFrom(store, nameOf(claimBlock(store, node)), attribute);
  if (taken === null) throw new Error("Assigned 0 out of 1 requested IPv4 addresses");
  return taken;
}

/** The address that a handle has already, as a tunnel's outlives its daemon. */
function addressOf(store: Store, node: string, handle: string): string | null {
  for (const { spec } of blocksOf(store, node)) {
    const at = spec.allocations.findIndex((index) => index !== null && spec.attributes[index]?.handle_id === handle);
    if (at >= 0) return nthAddress(spec.cidr, at);
  }
  return null;
}

/** Every address in use, with whose it is. */
export function allocations(store: Store): { readonly ip: string; readonly of: Attribute }[] {
  return store.list<IPAMBlock>(blocks).flatMap(({ spec }) =>
    spec.allocations.flatMap((index, at) => {
      const of = index === null ? undefined : spec.attributes[index];
      return of ? [{ ip: nthAddress(spec.cidr, at), of }] : [];
    }),
  );
}

/** Gives an address back if the handle still has it. */
export function release(store: Store, ip: string, handle: string): void {
  const block = store.list<IPAMBlock>(blocks).find(({ spec }) => inCidr(ip, spec.cidr));
  if (!block) return;
  const place = ipNumber(ip) - parseCidr(block.spec.cidr).base;
  store.change<IPAMBlock>(blocks, null, block.metadata.name, ({ spec }) => {
    const index = spec.allocations[place] ?? null;
    if (index === null || spec.attributes[index]?.handle_id !== handle) return;
    spec.allocations[place] = null;
    spec.unallocated = [...spec.unallocated, place];
    compact(spec);
  });
  store.delete(handles, null, handle.toLowerCase());
}

/** Takes a node's blocks away, with all that was given out of them. */
export function releaseBlocks(store: Store, node: string): void {
  for (const { metadata, spec } of blocksOf(store, node)) {
    for (const { handle_id } of spec.attributes) store.delete(handles, null, handle_id.toLowerCase());
    store.delete(blocks, null, metadata.name);
  }
  for (const { metadata, spec } of store.list<BlockAffinity>(affinities))
    if (spec.node === node) store.delete(affinities, null, metadata.name);
}

function blocksOf(store: Store, node: string): readonly IPAMBlock[] {
  return store.list<IPAMBlock>(blocks).filter(({ spec }) => spec.affinity === `host:${node}`);
}

function takeFrom(store: Store, name: string, attribute: (ip: string) => Attribute): string | null {
  let taken: string | null = null;
  store.change<IPAMBlock>(blocks, null, name, ({ spec }) => {
    const [place, ...rest] = spec.unallocated;
    if (place === undefined) return;
    spec.unallocated = rest;
    spec.allocations[place] = spec.attributes.length;
    taken = nthAddress(spec.cidr, place);
    spec.attributes = [...spec.attributes, attribute(taken)];
  });
  if (taken !== null) noteHandle(store, attribute(taken).handle_id, name);
  return taken;
}

function noteHandle(store: Store, handle: string, block: string): void {
  const name = handle.toLowerCase();
  if (store.get(handles, null, name)) return;
  const cidr = store.get<IPAMBlock>(blocks, null, block)?.spec.cidr ?? "";
  store.create(handles, {
    apiVersion: `${group}/v1`,
    kind: "IPAMHandle",
    metadata: { name },
    spec: { handleID: handle, block: { [cidr]: 1 }, deleted: false },
  });
}

/** Attributes that nothing points to any more are dropped, and the others numbered anew. */
function compact(spec: IPAMBlock["spec"]): void {
  const used = [...new Set(spec.allocations.filter((index) => index !== null))].sort((a, b) => a - b);
  spec.attributes = used.flatMap((index) => spec.attributes[index] ?? []);
  spec.allocations = spec.allocations.map((index) => (index === null ? null : used.indexOf(index)));
}

/** The first block from a place that only the node's name decides, in the first pool that is not disabled. */
function claimBlock(store: Store, node: string): string {
  const pools = store.list<IPPool>(resource("ippools")).filter(({ spec }) => spec.disabled !== true);
  const taken = new Set(store.list<IPAMBlock>(blocks).map(({ spec }) => spec.cidr));
  const start = createHash("sha256").update(node).digest().readUInt32BE(0);
  for (const { spec } of pools) {
    const bits = spec.blockSize ?? 26;
    const size = 2 ** (32 - bits);
    const count = cidrSize(parseCidr(spec.cidr)) / size;
    for (let step = 0; step < count; step++) {
      const cidr = `${nthAddress(spec.cidr, ((start + step) % count) * size)}/${bits}`;
      if (taken.has(cidr)) continue;
      createBlock(store, node, cidr);
      return cidr;
    }
  }
  throw new Error("failed to request IPv4 addresses: no configured Calico pools");
}

function createBlock(store: Store, node: string, cidr: string): void {
  const size = cidrSize(parseCidr(cidr));
  store.create<BlockAffinity>(affinities, {
    apiVersion: `${group}/v1`,
    kind: "BlockAffinity",
    metadata: { name: `${node}-${nameOf(cidr)}` },
    spec: { cidr, deleted: "false", node, state: "confirmed", type: "host" },
  });
  store.create<IPAMBlock>(blocks, {
    apiVersion: `${group}/v1`,
    kind: "IPAMBlock",
    metadata: { name: nameOf(cidr) },
    spec: {
      affinity: `host:${node}`,
      allocations: Array.from({ length: size }, () => null),
      attributes: [],
      cidr,
      deleted: false,
      strictAffinity: false,
      unallocated: Array.from({ length: size }, (_, place) => place),
    },
  });
}

/** The tunnel's own address is out of the node's blocks as well, and stays the same over restarts. */
export function tunnelAddress(store: Store, { name }: Machine, kind: "vxlan" | "ipip"): string {
  const handle = `${kind}-tunnel-addr-${name}`;
  const secondary = { node: name, type: `${kind}TunnelAddress` };
  return addressOf(store, name, handle) ?? assign(store, name, () => ({ handle_id: handle, secondary }));
}
