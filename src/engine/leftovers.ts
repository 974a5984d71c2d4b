/** What a CNI left on a node's host. */
export interface HostLeftovers {
  readonly links: readonly string[];
  /** table/chain */
  readonly chains: readonly string[];
  readonly files: readonly string[];
}

/** What to look for: exact link names, chain prefixes, CNI file names or suffixes. */
export interface LeftoverKinds {
  readonly links: readonly string[];
  readonly chainPrefixes: readonly string[];
  readonly fileSuffixes: readonly string[];
}
