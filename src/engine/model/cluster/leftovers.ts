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
  /** table/chain */
  readonly chains: readonly string[];
  /** family name, as "ip kube-proxy" */
  readonly nftTables: readonly string[];
  /** Names of CNI configuration files. */
  readonly files: readonly string[];
  /** Folders of LeftoverKinds that hold something, that of reservations once no address is in it, and plugins that are there. */
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
  readonly chainPrefixes: readonly string[];
  readonly nftTables: readonly string[];
  /** CNI configuration, by name. */
  readonly confFiles: readonly string[];
  /** Folders in which all is the CNI's. */
  readonly folders: readonly string[];
  /** Where host-local keeps the addresses that it gave to pods; null where nothing is kept. */
  readonly reservations: string | null;
  /** Plugins' binaries. */
  readonly plugins: readonly string[];
  /** Prefixes of the Node's annotations. */
  readonly annotations: readonly string[];
  /** Folders of the node that whoever cleans must see, the parents of all these paths. */
  readonly mounts: readonly string[];
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
