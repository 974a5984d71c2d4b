import type { LabOptions } from "./lab-options.ts";
import { scenarioCalled } from "./scenarios.ts";
import { addressIn } from "./seed/seed-world.ts";

/** A machine that the lab is to have. */
export interface PlannedMachine {
  readonly name: string;
  readonly ip: string;
  readonly isControlPlane: boolean;
}

const nodeCidr = "172.18.0.0/16";
export const serviceCidr = "10.96.0.0/12";
const mostNodes = 500;

/** One control plane, from seven nodes on three; the rest are workers. The network's gateway has the first address. */
export function planMachines(nodes: number): PlannedMachine[] {
  const controlPlanes = nodes >= 7 ? 3 : 1;
  return Array.from({ length: nodes }, (_, index) => {
    const isControlPlane = index < controlPlanes;
    const name = isControlPlane ? `control-plane-${index + 1}` : `worker-${index - controlPlanes + 1}`;
    return { name, ip: machineAddress(index), isControlPlane };
  });
}

/** Address of the machine that came as the n-th, from 0. */
export function machineAddress(index: number): string {
  return addressIn(nodeCidr, index + 2);
}

/** A /24 for each node: a /16 has no room for more than 256. */
export function clusterCidr(nodes: number): string {
  return nodes > 250 ? "10.244.0.0/15" : "10.244.0.0/16";
}

/** Throws with a sentence for whoever chose the options. */
export function checkOptions({ nodes, pods, speed, scenario }: LabOptions): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > mostNodes)
    throw new RangeError(`the lab has 1 to ${mostNodes} nodes, not ${nodes}`);
  const room = Math.max(1, nodes - 1) * 100;
  if (!Number.isInteger(pods) || pods < 0 || pods > room)
    throw new RangeError(`${nodes} nodes have room for 0 to ${room} pods, not ${pods}`);
  if (scenario !== null) scenarioCalled(scenario);
  if (!(speed > 0)) throw new RangeError(`the lab's speed must be above 0, not ${speed}`);
}
