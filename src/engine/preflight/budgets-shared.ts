import { budgetsOf } from "../drain/selector.ts";
import { blocker, type Check, ok } from "./check.ts";
import { movablePods } from "./movable.ts";
import { counted, fullName, someOf } from "./words.ts";

/** The API server answers 500 to the eviction of a pod under two budgets, whatever they allow. */
export const budgetsShared: Check = {
  id: "budgets-shared",
  title: "No pod is under two PodDisruptionBudgets",
  check({ facts }) {
    const shared = movablePods(facts).flatMap((pod) => {
      const budgets = budgetsOf(pod, facts.budgets).map(({ name }) => name);
      return budgets.length > 1 ? [`${fullName(pod)} (${budgets.join(", ")})`] : [];
    });
    if (shared.length === 0) return ok("No pod is under two budgets");
    return blocker(
      `${counted(shared.length, "pod")} cannot be evicted, because two budgets select ${shared.length === 1 ? "it" : "each"}: ${someOf(shared)}`,
      "narrow one budget's selector: kubectl -n NAMESPACE edit pdb NAME",
      shared,
    );
  },
};
