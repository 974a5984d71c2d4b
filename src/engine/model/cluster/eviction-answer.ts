/** What the cluster made of one request to evict a pod. */
export type EvictionAnswer =
  | { readonly kind: "accepted" }
  /** Not there any more, or another pod bears the name. */
  | { readonly kind: "gone" }
  /** 429 with cause DisruptionBudget: try again when the budget changes, or after the hint. */
  | { readonly kind: "blocked"; readonly message: string; readonly retryAfterMs: number | null }
  /** The API server asks for less; says nothing about the budget. */
  | { readonly kind: "throttled"; readonly retryAfterMs: number }
  /** Admission said no, or a webhook that must be asked does not answer: both may change, and neither is an outage. */
  | {
      readonly kind: "admission";
      readonly by: string;
      readonly unavailable: boolean;
      readonly message: string;
      readonly retryAfterMs: number | null;
    }
  /** Refused for good: rights, two budgets on one pod. */
  | { readonly kind: "refused"; readonly message: string; readonly remedy: string };
