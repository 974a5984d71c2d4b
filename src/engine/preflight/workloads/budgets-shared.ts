import { budgetsOf } from "../../drain/selector.ts";
import type { BudgetFacts, PodFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, ok, some } from "../check.ts";
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
  acceptable: true,
  check({ moving: facts }) {
    const budgetsOfPod = remembered(facts.budgets);
    const shared = movablePods(facts).flatMap((pod) => {
      const budgets = budgetsOfPod(pod);
      return budgets.length > 1 ? [`${fullName(pod)} (${budgets.join(", ")})`] : [];
    });
    return shared.length === 0 ? ok() : blocker("pods-under-two-pdbs", some(shared), shared);
  },
};
