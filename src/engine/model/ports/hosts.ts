import type { FolderLook, HostLeftovers, LeftoverKinds } from "../cluster/leftovers.ts";
import type { CniFile } from "../facts.ts";

/** A node's own disk, links and iptables, reached through pods that already have them mounted. */
export interface Hosts {
  /** The conf directory of the node, sorted by name; directories left out. */
  cniFiles(node: string): Promise<readonly CniFile[]>;
  removeCniFile(node: string, name: string): Promise<void>;
  renameCniFile(node: string, from: string, to: string): Promise<void>;
  leftovers(node: string, of: LeftoverKinds): Promise<HostLeftovers>;
  /** Removes what `leftovers` found; safe to repeat. With what the node's disk did not let go, in its own words. */
  clean(node: string, found: HostLeftovers, of: LeftoverKinds): Promise<readonly string[]>;
  /** Names in a folder that a cleaner of ours has mounted; none where the folder is not there. */
  namesIn(node: string, folder: string): Promise<FolderLook>;
  /** Removes files in such folders; with what the node's disk did not let go, in its own words. */
  removeFiles(node: string, paths: readonly string[]): Promise<readonly string[]>;
}
