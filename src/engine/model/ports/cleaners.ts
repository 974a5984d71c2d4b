/** Pods of ours that reach a node's disk where no other pod does, for as long as nodes are cleaned. */
export interface Cleaners {
  /** One on every machine; safe to repeat. */
  start(cleaner: CleanerOrder): Promise<void>;
  stop(): Promise<void>;
  /** Those that are there, by node. */
  list(): Promise<readonly { readonly node: string; readonly ready: boolean }[]>;
}

/** Whose leftovers are to be reached: no more of the node is mounted. */
type Reach = { readonly of: "cilium" } | { readonly of: "source"; readonly folders: readonly string[] };

export type CleanerOrder = Reach & {
  readonly image: string;
  /** It has to change the node's nft tables too, which needs NET_ADMIN. */
  readonly nft: boolean;
};
