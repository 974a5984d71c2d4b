import type { Machine } from "../machine.ts";
import { bareAddress, nthAddress, parseCidr } from "../network/cidr.ts";
import { sandboxLink } from "./sandbox-link.ts";

/** A bridge of the plugin `bridge`, and whose it is. */
export interface Bridge {
  readonly name: string;
  readonly owner: string;
  /** The gateway's address with its prefix. */
  readonly subnet: string;
}

/** Wires a sandbox to the bridge, which appears with the first sandbox after a boot. */
export function wireToBridge(machine: Machine, { name, owner, subnet }: Bridge, ip: string): void {
  if (!machine.links.has(name)) {
    const { bits } = parseCidr(subnet);
    machine.links.set(name, { name, kind: "bridge", address: `${bareAddress(subnet)}/${bits}`, owner });
    machine.routes.set(`${nthAddress(subnet, 0)}/${bits}`, name);
  }
  const wire = sandboxLink("veth", ip);
  machine.links.set(wire, { name: wire, kind: "veth", address: null, owner, master: name });
}

/** Takes the wire away; the bridge stays. */
export function unwire(machine: Machine, ip: string): void {
  machine.links.delete(sandboxLink("veth", ip));
}
