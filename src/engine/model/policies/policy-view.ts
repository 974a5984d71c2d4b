import type { JsonObject } from "../plan-types.ts";
import type { PolicyFinding } from "./policy-codes.ts";

/**
 * What becomes of a policy with the migration: Cilium enforces it with the same result, or with another one; it has a draft of the same
 * meaning in Cilium's kinds; or only a person can say what it is to become.
 */
export const policyFates = ["kept", "changes", "drafted", "report-only"] as const;
export type PolicyFate = (typeof policyFates)[number];

/** One policy of the cluster, with all that is to be said of it. */
export interface PolicyView {
  /** In full: several kinds have the same short name. */
  readonly kind: string;
  /** Null where its kind has none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly fate: PolicyFate;
  readonly findings: readonly PolicyFinding[];
  /** namespace/name of the pods that it selects. */
  readonly pods: readonly string[];
  /** What to apply in its place; none unless its fate is "drafted". */
  readonly drafts: readonly JsonObject[];
}

/** Kind and name as they are shown: "networkpolicies.networking.k8s.io shop/web". */
export const policyName = ({ kind, namespace, name }: Pick<PolicyView, "kind" | "namespace" | "name">): string =>
  `${kind} ${namespace === null ? "" : `${namespace}/`}${name}`;

/** A host's own policies that stop what Cilium's nodes say to each other. */
export interface ClosedHost {
  readonly kind: string;
  readonly name: string;
  readonly node: string;
  /** "UDP 8473 in". */
  readonly closed: readonly string[];
  /** Those that select it, of which none lets that through; none where none selects it. */
  readonly policies: readonly string[];
}
