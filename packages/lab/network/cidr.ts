/** An IPv4 range; `base` is the network address as an unsigned number. */
export interface Cidr {
  readonly text: string;
  readonly base: number;
  readonly bits: number;
}

const parsed = new Map<string, Cidr>();

/** NaN for anything that is not an IPv4 address. */
export function ipNumber(ip: string): number {
  const parts = ip.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return Number.NaN;
  return parts.reduce((number, part) => number * 256 + Number(part), 0);
}

export function ipText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Throws for what is no IPv4 range; a bare address is a /32. Results are kept: the same few texts come again and again. */
export function parseCidr(text: string): Cidr {
  const known = parsed.get(text);
  if (known) return known;
  const [ip = "", prefix = "32"] = text.trim().split("/");
  const bits = Number(prefix);
  const number = ipNumber(ip);
  if (Number.isNaN(number) || !Number.isInteger(bits) || bits < 0 || bits > 32)
    throw new Error(`no IPv4 CIDR: ${text}`);
  const cidr = { text, base: number - (number % 2 ** (32 - bits)), bits };
  parsed.set(text, cidr);
  return cidr;
}

export function cidrSize(cidr: Cidr): number {
  return 2 ** (32 - cidr.bits);
}

export function inCidr(ip: string, text: string): boolean {
  const cidr = parseCidr(text);
  const offset = ipNumber(ip) - cidr.base;
  return offset >= 0 && offset < cidrSize(cidr);
}

/** The address `offset` places after the start of the range. */
export function nthAddress(text: string, offset: number): string {
  return ipText(parseCidr(text).base + offset);
}

export function overlaps(a: string, b: string): boolean {
  const [x, y] = [parseCidr(a), parseCidr(b)];
  return x.base < y.base + cidrSize(y) && y.base < x.base + cidrSize(x);
}

/** The address without its mask: links carry "10.244.1.1/24". */
export function bareAddress(address: string): string {
  return address.split("/")[0] ?? address;
}
