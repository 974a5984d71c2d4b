import type { Random } from "../../random.ts";

/** 10.96.0.0/12, kubeadm's default service CIDR. */
const base = 10 * 2 ** 24 + 96 * 2 ** 16;
const size = 2 ** 20;
/** Upstream keeps the lowest addresses for those who ask for one by name. */
const keptFree = 256;

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}

function numberOf(ip: string): number | null {
  const parts = ip.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(Number.isInteger(part) && part >= 0 && part <= 255))) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Addresses and node ports in use by services; told of each stored service by the store. */
export class ClusterIps {
  readonly #random: Random;
  readonly #addresses = new Set<string>();
  readonly #ports = new Set<number>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** null when it is free, else why it cannot be had. */
  refusal(ip: string): string | null {
    const address = numberOf(ip);
    if (address === null) return "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    if (address < base || address >= base + size) {
      return `failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. The range of valid IPs is 10.96.0.0/12`;
    }
    return this.#addresses.has(ip) ? `failed to allocate IP ${ip}: provided IP is already allocated` : null;
  }

  portTaken(port: number): boolean {
    return this.#ports.has(port);
  }

  /** A free address in seeded order. */
  pick(): string {
    for (;;) {
      const ip = dotted(base + this.#random.between(keptFree, size - 2));
      if (!this.#addresses.has(ip)) return ip;
    }
  }

  pickPort(): number {
    for (;;) {
      const port = this.#random.between(30_000, 32_767);
      if (!this.#ports.has(port)) return port;
    }
  }

  claim(addresses: readonly string[], ports: readonly number[]): void {
    for (const ip of addresses) this.#addresses.add(ip);
    for (const port of ports) this.#ports.add(port);
  }

  release(addresses: readonly string[], ports: readonly number[]): void {
    for (const ip of addresses) this.#addresses.delete(ip);
    for (const port of ports) this.#ports.delete(port);
  }
}
