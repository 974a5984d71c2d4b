import type { EvictionAnswer } from "../cluster/eviction-answer.ts";
import type { BudgetFacts, PodFacts, PodRef } from "../facts.ts";

export interface Pods {
  list(): Promise<readonly PodFacts[]>;
  on(node: string): Promise<readonly PodFacts[]>;
  /** Asks the API server itself, for gates on which a pod that the cache has not seen yet must count. */
  onFresh(node: string): Promise<readonly PodFacts[]>;
  budgets(): Promise<readonly BudgetFacts[]>;
  evict(pod: PodRef): Promise<EvictionAnswer>;
  /** With the uid as precondition; a pod that is gone is no error. */
  delete(pod: PodRef, options?: { readonly graceSeconds?: number }): Promise<void>;
}
