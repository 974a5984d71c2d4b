/** A node as its row calls it. */
export type NodeWord =
  | "queued"
  | "left out"
  | "moving"
  | "held"
  | "failed"
  | "undoing"
  | "aside"
  | "restored"
  | "moved";
