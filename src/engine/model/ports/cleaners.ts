/** Pods of ours that reach a node's disk where no other pod does, for as long as nodes are cleaned. */
export interface Cleaners {
  /** One on every machine; safe to repeat. */
  start(cleaner: CleanerWish): Promise<void>;
  stop(): Promise<void>;
  /** Those that are there, by node. */
  list(): Promise<readonly { readonly node: string; readonly ready: boolean }[]>;
}

export interface CleanerWish {
  readonly image: string;
  /** Whose leftovers it is to reach: no more of the node is mounted. */
  readonly of: "source" | "cilium";
  /** It has to change the node's nft tables too, which needs NET_ADMIN. */
  readonly nft: boolean;
}
