import type { CodeParams } from "./param-kind.ts";

/** How a run ended where nothing stands in its way, or an engine's part of it: each code with its facts. */
export const endings = {
  "every-node-migrated": {},
  "every-node-rolled-back": {},
  /** Before this engine began. */
  "migrated-before": { at: "time" },
  "rolled-back-before": { at: "time" },
  /** `actions` has "resume" where the same command would ask for something a second time. */
  "engine-stopped": {},
  /** That node's rollback was all that was asked for. */
  "only-node-rolled-back": { node: "text" },
  "only-node-gone": { node: "text" },
  /** `holder` is null where the lease says no name. */
  "begun-elsewhere": { holder: "text?" },
  "lease-released": { to: "text" },
  "ended-paused": {},
  /** `actions` has "consent" where the run is recorded. */
  "consent-not-given": { consent: "text" },
} as const satisfies CodeParams;
