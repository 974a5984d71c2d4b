import type { CodeParams } from "./param-kind.ts";

/** What the steps of a source's own wait for. */
export const sourceWaits = {
  /** A field of one of its objects; `value` is null where the field has to go. */
  "source-object": { object: "text", field: "text", value: "text?" },
  /** What the run had set, or found right, and somebody set back: `found` is "" where it is not set; `fix` is the command that puts it right. */
  "source-setting-undone": { object: "text", field: "text", value: "text", found: "text", fix: "text" },
  /** Nodes whose own address is not what the old CNI's daemon wrote: "NODE: ADDRESS for ADDRESSES". */
  "node-addresses-wrong": { annotation: "text", nodes: "texts", more: "number" },
  /** Who alone takes this taint off nodes again. */
  "operator-not-ready": { name: "text", taint: "text" },
  /** `why`: reasons of the condition, "" for none; `operators`: Ready replicas of who would clear it. */
  "network-unavailable-left": { nodes: "texts", more: "number", taint: "text", why: "text", operators: "number" },
} as const satisfies CodeParams;
