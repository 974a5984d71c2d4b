/** An address as a number; IPv4 and IPv6 never compare equal. */
export interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** A range of addresses: `base` has no bits beyond the prefix. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly base: bigint;
  readonly prefix: number;
}

const width = (family: 4 | 6) => (family === 4 ? 32 : 128);

/** Addresses in a range; 2^128 does not fit a number. */
export function sizeOf({ family, prefix }: Cidr): bigint {
  return 1n << BigInt(width(family) - prefix);
}

/** Leading zeros are refused: some readers take them for octal. */
function parseIpv4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

/** Groups of one side of "::", with a dotted tail taken as two groups; null for junk. */
function groupsOf(text: string): readonly bigint[] | null {
  if (text === "") return [];
  const groups: bigint[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : null;
    if (v4 !== null) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...head, ...Array.from({ length: missing }, () => 0n), ...tail].reduce(
    (value, group) => (value << 16n) | group,
    0n,
  );
}

/** Null for anything that is not exactly one address: no zone, no port, no blanks. */
export function parseAddress(text: string): Address | null {
  const family = text.includes(":") ? 6 : 4;
  const value = family === 6 ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { family, value };
}

/** Bits beyond the prefix are cut off, as Go's ParseCIDR does for Cilium and other CNIs; junk is null. */
export function parseCidr(text: string): Cidr | null {
  const match = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  const address = match ? parseAddress(match[1] ?? "") : null;
  if (!match || !address) return null;
  const prefix = Number(match[2]);
  if (prefix > width(address.family)) return null;
  const hostBits = BigInt(width(address.family) - prefix);
  return { family: address.family, base: (address.value >> hostBits) << hostBits, prefix };
}

/** The range of exactly one address. */
export function hostCidr({ family, value }: Address): Cidr {
  return { family, base: value, prefix: width(family) };
}

function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const zeros = [...groups.join(":").matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!zeros) return groups.join(":");
  const text = groups.join(":");
  const head = text.slice(0, zeros.index);
  const tail = text.slice(zeros.index + zeros[0].length).replace(/^:/, "");
  return `${head}::${tail}`;
}

export function formatAddress({ family, value }: Address): string {
  if (family === 6) return formatIpv6(value);
  return [24n, 16n, 8n, 0n].map((shift) => ((value >> shift) & 0xffn).toString()).join(".");
}

export function formatCidr({ family, base, prefix }: Cidr): string {
  return `${formatAddress({ family, value: base })}/${prefix}`;
}

/** Whether every address of `inner` is in `outer`. */
export function covers(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || inner.prefix < outer.prefix) return false;
  const shift = BigInt(width(outer.family) - outer.prefix);
  return inner.base >> shift === outer.base >> shift;
}

/** Two ranges overlap only when one holds the other. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return covers(a, b) || covers(b, a);
}

/** Whether an address is in a range, both as text; junk is in none. */
export function contains(cidr: string, address: string): boolean {
  const range = parseCidr(cidr);
  const host = parseAddress(address);
  return range !== null && host !== null && covers(range, hostCidr(host));
}

/** The `index`-th piece of this prefix length, or null where the range has no such piece. */
export function pieceOf(cidr: Cidr, prefix: number, index: number): Cidr | null {
  if (prefix < cidr.prefix || prefix > width(cidr.family)) return null;
  if (index < 0 || BigInt(index) >= 1n << BigInt(prefix - cidr.prefix)) return null;
  const step = 1n << BigInt(width(cidr.family) - prefix);
  return { family: cidr.family, base: cidr.base + step * BigInt(index), prefix };
}

/** The first piece of this prefix length, in order, that touches nothing in use. */
export function firstFree(from: Cidr, prefix: number, inUse: readonly Cidr[]): Cidr | null {
  const near = inUse.filter((used) => overlaps(used, from));
  let index = 0;
  for (;;) {
    const piece = pieceOf(from, prefix, index);
    if (!piece) return null;
    const hit = near.find((used) => overlaps(used, piece));
    if (!hit) return piece;
    index = hit.prefix >= prefix ? index + 1 : Number((hit.base + sizeOf(hit) - from.base) / sizeOf(piece));
  }
}
