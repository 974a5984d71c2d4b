import type { CodeParams } from "./param-kind.ts";

/** What the steps of a source's own wait for. */
export const sourceWaits = {
  /** A field of one of its objects; `value` is null where the field has to go. */
  "source-object": { object: "text", field: "text", value: "text?" },
} as const satisfies CodeParams;
