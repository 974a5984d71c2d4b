import type { Machine } from "../machine.ts";
import { cidrSize, ipNumber, nthAddress, parseCidr } from "../network/cidr.ts";

/** A network by whose name host-local keeps what it gave away, and its range on this machine. */
export interface LocalRange {
  readonly network: string;
  readonly subnet: string;
}

const folderOf = (network: string) => `/var/lib/cni/networks/${network}`;

/** Takes the address after the one taken last, as host-local does: an address that was given back is the last to be used again. */
export function reserveAddress(machine: Machine, { network, subnet }: LocalRange, owner: string): string {
  const folder = folderOf(network);
  const lastFile = `${folder}/last_reserved_ip.0`;
  const cidr = parseCidr(subnet);
  const usable = cidrSize(cidr) - 3;
  const last = ipNumber(machine.disk.get(lastFile) ?? "") - cidr.base;
  const start = last >= 2 && last < cidrSize(cidr) - 1 ? last - 1 : 0;
  for (let step = 0; step < usable; step++) {
    const ip = nthAddress(subnet, 2 + ((start + step) % usable));
    if (machine.disk.has(`${folder}/${ip}`)) continue;
    machine.disk.set(`${folder}/lock`, "");
    machine.disk.set(`${folder}/${ip}`, `${owner}\neth0`);
    machine.disk.set(lastFile, ip);
    return ip;
  }
  throw new Error(
    `failed to allocate for range 0: no IP addresses available in range set: ${nthAddress(subnet, 1)}-${nthAddress(subnet, cidrSize(cidr) - 2)}`,
  );
}

/** False when the address belongs to somebody else by now. */
export function giveBack(machine: Machine, network: string, ip: string, owner: string): boolean {
  const path = `${folderOf(network)}/${ip}`;
  const current = machine.disk.get(path);
  if (current !== undefined && !current.startsWith(`${owner}\n`)) return false;
  machine.disk.delete(path);
  return true;
}
