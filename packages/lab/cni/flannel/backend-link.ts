import type { Link, Machine } from "../../machine.ts";
import { nthAddress } from "../../network/cidr.ts";
import { ProgramExit } from "../../program.ts";
import type { NetConf } from "./net-conf.ts";

/** What a backend makes on a machine: its device, the UDP port that this holds, and the MTU that is left for pods. */
interface Shape {
  readonly kind: Link["kind"];
  readonly mtu: number;
  name(conf: NetConf): string;
  port(conf: NetConf): number | null;
}

const shapes: Readonly<Record<NetConf["backend"], Shape | null>> = {
  vxlan: { kind: "vxlan", mtu: 1_450, name: ({ vni }) => `flannel.${vni}`, port: ({ port }) => port },
  "host-gw": null,
  wireguard: { kind: "wireguard", mtu: 1_420, name: () => "flannel-wg", port: ({ listenPort }) => listenPort },
  ipip: { kind: "ipip", mtu: 1_480, name: () => "flannel.ipip", port: () => null },
};

/** What pods are told of the MTU. */
export function podMtu({ backend }: NetConf): number {
  return shapes[backend]?.mtu ?? 1_500;
}

/** The device's name; null where packets go without one. The kernel takes one device per UDP port. */
export function tunnelLink(machine: Machine, conf: NetConf, podCidr: string): string | null {
  const shape = shapes[conf.backend];
  if (!shape) return null;
  const [name, port] = [shape.name(conf), shape.port(conf)];
  const holder = port === null ? undefined : machine.udpPorts.get(port);
  if (holder !== undefined && holder !== name) {
    throw new ProgramExit(
      1,
      `Error registering network: failed to set interface ${name} to UP state: address already in use`,
    );
  }
  machine.links.set(name, { name, kind: shape.kind, address: `${nthAddress(podCidr, 0)}/32`, owner: "flannel" });
  if (port !== null) machine.udpPorts.set(port, name);
  return name;
}
