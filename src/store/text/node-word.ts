/** A node as its row calls it. */
export type NodeWord =
  | "queued"
  | "excluded"
  | "migrating"
  | "waiting"
  | "failed"
  | "rolling back"
  | "deferred"
  | "rolled back"
  | "migrated";
