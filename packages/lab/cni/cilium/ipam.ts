import type { Machine } from "../../machine.ts";
import { cidrSize, ipNumber, nthAddress, parseCidr } from "../../network/cidr.ts";
import { datapathOf, stateDir } from "./datapath.ts";

const folder = `${stateDir}/ipam`;

/** Addresses in use, besides the node's own two. */
function allocations(machine: Machine): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, owner] of machine.disk)
    if (path.startsWith(`${folder}/`)) found.set(path.slice(folder.length + 1), owner);
  return found;
}

/** The next free address after the last one taken; throws in upstream's words when the node's ranges are full. */
export function allocate(
  machine: Machine,
  { podCidrs, reserved }: { readonly podCidrs: readonly string[]; readonly reserved: readonly string[] },
  owner: string,
): string {
  for (const cidr of podCidrs) {
    const usable = cidrSize(parseCidr(cidr)) - 3;
    const lastFile = `${stateDir}/last-${parseCidr(cidr).base}`;
    const start = ipNumber(machine.disk.get(lastFile) ?? nthAddress(cidr, 1)) - parseCidr(cidr).base - 1;
    for (let step = 0; step < usable; step++) {
      const ip = nthAddress(cidr, 2 + ((start + step) % usable));
      if (reserved.includes(ip) || machine.disk.has(`${folder}/${ip}`)) continue;
      machine.disk.set(`${folder}/${ip}`, owner);
      machine.disk.set(lastFile, ip);
      return ip;
    }
  }
  throw new Error(
    'plugin type="cilium-cni" name="cilium" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure "range is full"',
  );
}

/** False when the address belongs to somebody else by now: after a reboot they are given out anew. */
export function release(machine: Machine, ip: string, owner: string): boolean {
  const path = `${folder}/${ip}`;
  const current = machine.disk.get(path);
  if (current !== undefined && current !== owner) return false;
  machine.disk.delete(path);
  return true;
}

/** "3/254 allocated from 10.245.1.0/24": the router and the health endpoint count. */
export function describeAllocations(machine: Machine, podCidrs: readonly string[]): string {
  const own = datapathOf(machine) ? 2 : 0;
  const total = podCidrs.reduce((sum, cidr) => sum + cidrSize(parseCidr(cidr)) - 2, 0);
  return `${allocations(machine).size + own}/${total} allocated from ${podCidrs.join(", ")}`;
}
