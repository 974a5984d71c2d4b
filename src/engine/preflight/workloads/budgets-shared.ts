import { budgetsOf } from "../../drain/selector.ts";
import type { BudgetFacts, PodFacts } from "../../model/facts.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok } from "../check.ts";
import { movablePods } from "./movable.ts";

/** Pods of one template bear the same labels: ten thousand pods ask only as often as there are templates. */
function remembered(budgets: readonly BudgetFacts[]): (pod: PodFacts) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (pod) => {
    const key = `${pod.namespace} ${JSON.stringify(pod.labels)}`;
    const names = known.get(key) ?? budgetsOf(pod, budgets).map(({ name }) => name);
    known.set(key, names);
    return names;
  };
}

/** The API server answers 500 to the eviction of a pod under two budgets, whatever they allow. */
export const budgetsShared: Check = {
  id: "budgets-shared",
  title: "No pod matches two PDBs",
  acceptable:
    "each drain waits until one budget is left, up to --drain-timeout; then the node fails, still on its old network",
  check({ moving: facts }) {
    const budgetsOfPod = remembered(facts.budgets);
    const shared = movablePods(facts).flatMap((pod) => {
      const budgets = budgetsOfPod(pod);
      return budgets.length > 1 ? [`${fullName(pod)} (${budgets.join(", ")})`] : [];
    });
    if (shared.length === 0) return ok("No pod is under two budgets");
    return blocker(
      `${counted(shared.length, "pod")} cannot be evicted, because two budgets select ${shared.length === 1 ? "it" : "each"}: ${someOf(shared)}`,
      "narrow one budget's selector: kubectl -n NAMESPACE edit pdb NAME; or let the drain wait for that with --accept budgets-shared",
      shared,
    );
  },
};
