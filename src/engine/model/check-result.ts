import type { Reason } from "./reason.ts";
import type { CheckId } from "./reasons/findings.ts";

/** One answer of preflight. A blocker stops the run before it starts; a warning is shown and can be lived with. */
export interface CheckResult {
  readonly check: CheckId;
  readonly level: "ok" | "warning" | "blocker";
  /** What was found; null where all is well and there is nothing to tell of it. */
  readonly reason: Reason | null;
  /** Objects concerned, such as node or namespace/pod names. */
  readonly objects: readonly string[];
  /** A blocker that was accepted by name, which is a warning for that. */
  readonly accepted?: true;
}
