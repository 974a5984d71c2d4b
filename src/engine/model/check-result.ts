/** One answer of preflight. A blocker stops the run before it starts; a warning is shown and can be lived with. */
export interface CheckResult {
  /** Id of the check: recorded, never renamed. */
  readonly check: string;
  readonly title: string;
  readonly level: "ok" | "warning" | "blocker";
  /** One sentence on what was found. */
  readonly message: string;
  /** What to do about it; "" when the level is ok. */
  readonly remedy: string;
  /** Objects concerned, such as node or namespace/pod names. */
  readonly objects: readonly string[];
}
