import { selects } from "../drain/selector.ts";
import type { BudgetFacts, PodFacts } from "../facts.ts";
import { blocker, type Check, ok, warning } from "./check.ts";
import { movablePods } from "./movable.ts";
import { counted, fullName, someOf } from "./words.ts";

const guards = (budget: BudgetFacts, pods: readonly PodFacts[]) =>
  pods.some((pod) => pod.namespace === budget.namespace && selects(budget.selector, pod.labels));

/** It wants all of its pods at all times, so no eviction is ever allowed. */
const never = ({ disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods }: BudgetFacts) =>
  disruptionsAllowed === 0 && expectedPods > 0 && desiredHealthy >= expectedPods && currentHealthy >= desiredHealthy;

const line = (it: BudgetFacts) =>
  `${fullName(it)} (needs ${it.desiredHealthy} of ${it.expectedPods} healthy, has ${it.currentHealthy})`;

/** A drain waits for its budgets; one that can never allow would keep it waiting until its time is over. */
export const budgetsBlocked: Check = {
  id: "budgets-blocked",
  title: "PodDisruptionBudgets allow pods to move",
  check({ facts }) {
    const pods = movablePods(facts);
    const closed = facts.budgets.filter((budget) => budget.disruptionsAllowed === 0 && guards(budget, pods));
    const stuck = closed.filter(never).map(line);
    if (stuck.length > 0) {
      return blocker(
        `${counted(stuck.length, "PodDisruptionBudget")} can never allow an eviction: ${someOf(stuck)}`,
        "add a replica, or relax the budget: kubectl -n NAMESPACE edit pdb NAME",
        stuck,
      );
    }
    const now = closed.map(line);
    if (now.length === 0)
      return ok(`${counted(facts.budgets.length, "PodDisruptionBudget")}, and each allows an eviction`);
    return warning(
      `${counted(now.length, "PodDisruptionBudget")} ${now.length === 1 ? "allows" : "allow"} no eviction now: ${someOf(now)}`,
      "mend their pods: a drain waits until they are healthy",
      now,
    );
  },
};
