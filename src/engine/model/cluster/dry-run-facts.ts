/** What the API server, with all that has a say in writes, answered to one of ours that was tried with dryRun=All: it changes nothing. */
export interface DryRunFacts {
  readonly verb: "create" | "patch";
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** "unknown": it could not be tried, and nothing follows from that. */
  readonly answer: "accepted" | "refused" | "unknown";
  /** Whose answer it is, such as an admission webhook with its name; "" where it is the API server's own. */
  readonly by: string;
  /** In its own words; "" where it accepts. */
  readonly message: string;
}
