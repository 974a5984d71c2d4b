/** A route of a node's main table that leads to another machine. */
export interface HostRoute {
  readonly to: string;
  readonly via: string;
}

/** What of a CNI was found on a node's host. */
export interface HostLeftovers {
  readonly links: readonly string[];
  /** All that lead to another machine, whoever wrote them. */
  readonly routes: readonly HostRoute[];
  /** Ranges of the main table that lead nowhere, written by a daemon that shares them out. */
  readonly blackholes: readonly string[];
  /** table/chain */
  readonly chains: readonly string[];
  /** "table/chain comment" of rules in chains that are nobody's: what is no jump does not go with the chain it led to. */
  readonly rules: readonly string[];
  /** Names of IP sets. */
  readonly ipsets: readonly string[];
  /** family name, as "ip kube-proxy" */
  readonly nftTables: readonly string[];
  /** Names of CNI configuration files. */
  readonly files: readonly string[];
  /** Folders of LeftoverKinds that hold something, that of reservations once no address is in it, plugins and other files that are there. */
  readonly paths: readonly string[];
  /** Addresses that are reserved in LeftoverKinds.reservations. */
  readonly reserved: readonly string[];
  /** What of the kinds could not be looked at, each with why. */
  readonly unseen: readonly string[];
}

/** What to look for: exact names, prefixes of names, absolute paths. */
export interface LeftoverKinds {
  readonly links: readonly string[];
  readonly routes: boolean;
  /** Routes to nowhere for the ranges of which the node gave addresses to pods. */
  readonly blackholeRoutes: boolean;
  readonly chainPrefixes: readonly string[];
  /** What a comment begins with by which its daemon knows its rules again, wherever they are. */
  readonly ruleComments: readonly string[];
  readonly ipsetPrefixes: readonly string[];
  readonly nftTables: readonly string[];
  /** CNI configuration, by name. */
  readonly confFiles: readonly string[];
  /** Folders in which all is the CNI's. */
  readonly folders: readonly string[];
  /** Where host-local keeps the addresses that it gave to pods; null where nothing is kept. */
  readonly reservations: string | null;
  /** Plugins' binaries. */
  readonly plugins: readonly string[];
  /** Other files by their paths; one that ends in "*" is all of its folder that are named so. */
  readonly files: readonly string[];
  /** Prefixes of the Node's annotations. */
  readonly annotations: readonly string[];
  /** Folders of the node that whoever cleans must see, the parents of all these paths. */
  readonly mounts: readonly string[];
}

/** Devices that a kernel's module makes with itself: they cannot be deleted, only emptied and set down. */
export const moduleLinks: readonly string[] = ["tunl0"];

/** Of files that are named by a pattern with "*" at its end: folder and what the names begin with; null for one path. */
export function filesPattern(path: string): { readonly folder: string; readonly prefix: string } | null {
  if (!path.endsWith("*")) return null;
  const slash = path.lastIndexOf("/");
  return { folder: path.slice(0, slash), prefix: path.slice(slash + 1, -1) };
}

/** What is in a folder of a node, or why that is not known. */
export type FolderLook = { readonly names: readonly string[] } | { readonly unseen: string };

/** What one node was found to hold at the end of its cleaning. */
export interface LeftOnNode {
  /** Whose it is: after a migration the old CNI's, after the rollback of all Cilium's. */
  readonly of: "source" | "cilium";
  /** Each with why it stays, or until when. */
  readonly left: readonly string[];
  /** Each with why it could not be looked at. */
  readonly unseen: readonly string[];
  /** Kinds that were looked at, in the field's words. */
  readonly looked: readonly string[];
}
