import { at, type Fields, list, number } from "../objects/read.ts";

/** Name of the extension by which a kubeconfig says that its cluster's clock runs faster than ours, as a lab's does. */
const extensionName = "crossfade/clock";
/** Requests are answered at the pace of this machine, whatever the cluster's clock does: a part of its speed is enough. */
const share = 8;
const maxSpeedup = 50;

/** By what every wait for this cluster's API server is divided; 1 for every cluster that is none of the labs. */
export function speedupFor(cluster: Fields): number {
  const extension = list(cluster["extensions"]).find((entry) => at(entry, "name") === extensionName);
  const speed = number(at(extension, "extension", "speed"), 1);
  return Math.min(maxSpeedup, Math.max(1, speed / share));
}
