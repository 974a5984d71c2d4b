import type { Machine } from "../machine.ts";

/** Where the kubelet looks for network configurations. */
export const confDir = "/etc/cni/net.d";

/** Where the kubelet looks for plugin binaries. */
export const binDir = "/opt/cni/bin";

/** Names of the files directly in a folder, sorted as the runtime sorts them. */
export function filesIn(machine: Machine, folder: string): string[] {
  const prefix = folder.endsWith("/") ? folder : `${folder}/`;
  const names: string[] = [];
  for (const path of machine.disk.keys()) {
    if (path.startsWith(prefix) && !path.includes("/", prefix.length)) names.push(path.slice(prefix.length));
  }
  return names.sort();
}

/** Throws the words that the CNI library has for a plugin that is not installed. */
export function requireBinary(machine: Machine, name: string): void {
  if (!machine.disk.has(`${binDir}/${name}`)) throw new Error(`failed to find plugin "${name}" in path [${binDir}]`);
}
