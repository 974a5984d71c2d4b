import { calicoByManifest, calicoByOperator, canal } from "./calico/calico.ts";
import type { CniDriver } from "./cni-driver.ts";
import { flannel, flannelByArch } from "./flannel/flannel.ts";

/** The CNIs that a lab can start with, the usual one first. */
export const cniDrivers: readonly [CniDriver, ...CniDriver[]] = [
  flannel,
  calicoByManifest,
  calicoByOperator,
  canal,
  flannelByArch,
];

/** Throws with a sentence for whoever chose the name. */
export function driverCalled(name: string, drivers: readonly CniDriver[] = cniDrivers): CniDriver {
  const found = drivers.find((driver) => driver.name === name);
  if (found) return found;
  throw new RangeError(`the lab has no CNI called ${name}: ${drivers.map((driver) => driver.name).join(", ")}`);
}
