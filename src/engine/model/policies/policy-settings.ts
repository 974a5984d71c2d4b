export const policyEnforcements = ["never", "default", "always"] as const;
export type PolicyEnforcement = (typeof policyEnforcements)[number];

/** What an agent does with policies: whether it enforces them, and whether what they deny is let through and only told. */
export interface PolicyMode {
  readonly enforcement: PolicyEnforcement;
  readonly audits: boolean;
}

/** One endpoint of an agent: a pod, or one of Cilium's own. */
export interface PolicyEndpoint {
  readonly id: number;
  readonly ip: string;
  /** namespace/name; null where it is Cilium's own. */
  readonly pod: string | null;
  /** The labels of its identity that are Kubernetes', by which policies select it. */
  readonly labels: Readonly<Record<string, string>>;
  readonly audits: boolean;
  /** Whether policies hold for it, or would if they were not only tried. */
  readonly guarded: { readonly ingress: boolean; readonly egress: boolean };
  readonly ready: boolean;
  /** Another text each time its programs were built. */
  readonly built: string;
}

/** How an agent deals with policies at the moment. */
export interface PolicySettings {
  readonly node: string;
  readonly pod: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** As it was told at run time, which lasts until it restarts. */
  readonly now: PolicyMode;
  /** As its configuration says, from which it starts. */
  readonly started: PolicyMode;
  /** Whether its monitor tells of verdicts at all. */
  readonly tellsVerdicts: boolean;
  readonly endpoints: readonly PolicyEndpoint[];
}

/** Lets everything through at run time though its configuration does not say so: what a trial leaves whose end was cut off. */
export const isForgottenTrial = ({ now, started }: PolicySettings): boolean => now.audits && !started.audits;
