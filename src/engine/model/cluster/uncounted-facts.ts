/** A list that was refused, and that preflight goes on without. */
export interface UncountedFacts {
  /** In full: networkpolicies.networking.k8s.io. */
  readonly list: string;
  readonly why: string;
}
