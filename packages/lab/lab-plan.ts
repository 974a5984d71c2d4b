import type { LabOptions } from "./lab-options.ts";
import { scenarioCalled } from "./scenarios.ts";
import { addressIn } from "./seed/seed-world.ts";

/** A machine that the lab is to have. */
export interface PlannedMachine {
  readonly name: string;
  readonly ip: string;
  readonly isControlPlane: boolean;
}

/** A machine's network by its turn, where there is more than one. */
const nodeCidrs = ["172.18.0.0/16", "172.19.0.0/16"] as const;
export const serviceCidr = "10.96.0.0/12";
const mostNodes = 500;

/** One control plane, from seven nodes on three; the rest are workers. The network's gateway has the first address. */
export function planMachines(nodes: number, subnets = 1): PlannedMachine[] {
  const controlPlanes = nodes >= 7 ? 3 : 1;
  return Array.from({ length: nodes }, (_, index) => {
    const isControlPlane = index < controlPlanes;
    const name = isControlPlane ? `control-plane-${index + 1}` : `worker-${index - controlPlanes + 1}`;
    return { name, ip: machineAddress(index, subnets), isControlPlane };
  });
}

/** Address of the machine that came as the n-th, from 0. */
export function machineAddress(index: number, subnets = 1): string {
  return addressIn(nodeCidrs[index % subnets] ?? nodeCidrs[0], index + 2);
}

/** A /24 for each node: a /16 has no room for more than 256. */
export function clusterCidr(nodes: number): string {
  return nodes > 250 ? "10.244.0.0/15" : "10.244.0.0/16";
}

function checkMachines(nodes: number, subnets: number): void {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > mostNodes)
    throw new RangeError(`the lab has 1 to ${mostNodes} nodes, not ${nodes}`);
  if (subnets !== 1 && subnets !== nodeCidrs.length)
    throw new RangeError(`the lab's machines are in 1 or ${nodeCidrs.length} subnets, not ${subnets}`);
}

/** Throws with a sentence for whoever chose the options. */
export function checkOptions({ nodes, pods, speed, scenario, subnets }: LabOptions): void {
  checkMachines(nodes, subnets);
  const room = Math.max(1, nodes - 1) * 100;
  if (!Number.isInteger(pods) || pods < 0 || pods > room)
    throw new RangeError(`${nodes} nodes have room for 0 to ${room} pods, not ${pods}`);
  if (scenario !== null) scenarioCalled(scenario);
  if (!(speed > 0)) throw new RangeError(`the lab's speed must be above 0, not ${speed}`);
}
