import { operatorOf } from "../../drain/operators.ts";
import { selects } from "../../drain/selector.ts";
import type { BudgetFacts, ClusterFacts, PodFacts } from "../../model/facts.ts";
import { fullName } from "../../model/some-of.ts";
import { blocker, type Check, few, ok, some, warning } from "../check.ts";
import { open } from "../nodes/capacity.ts";
import { movablePods } from "./movable.ts";

/** A budget with the pods to be moved that it guards. */
interface Guard {
  readonly budget: BudgetFacts;
  readonly pods: readonly PodFacts[];
}

function guardsOf(budgets: readonly BudgetFacts[], pods: readonly PodFacts[]): readonly Guard[] {
  if (budgets.length === 0) return [];
  const byNamespace = Map.groupBy(pods, ({ namespace }) => namespace);
  const guarded = ({ namespace, selector }: BudgetFacts) =>
    (byNamespace.get(namespace) ?? []).filter(({ labels }) => selects(selector, labels));
  return budgets.map((budget) => ({ budget, pods: guarded(budget) })).filter((guard) => guard.pods.length > 0);
}

/** It wants all of its pods at all times, so no eviction is ever allowed. */
const never = ({ disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods }: BudgetFacts) =>
  disruptionsAllowed === 0 && expectedPods > 0 && desiredHealthy >= expectedPods && currentHealthy >= desiredHealthy;

const numbers = (it: BudgetFacts) =>
  `needs ${it.desiredHealthy} of ${it.expectedPods} healthy, has ${it.currentHealthy}`;
const line = ({ budget }: Guard) => `${fullName(budget)} (${numbers(budget)})`;

const operatorIn = ({ pods }: Guard): string | null =>
  pods.map(operatorOf).find((operator) => operator !== null) ?? null;

/** Nodes whose pods no other node takes while a budget lets only some of them go: nothing that the drain waits for comes. */
function cornered(
  whole: ClusterFacts,
  { budgets, pods: moving }: Pick<ClusterFacts, "budgets" | "pods">,
): readonly string[] {
  const takers = whole.nodes.filter(open).map(({ name }) => name);
  if (takers.length > 1) return [];
  // Pods of the system tolerate more than others do, and may find a place that we do not see.
  const loose = budgets.filter((budget) => !never(budget) && budget.namespace !== "kube-system");
  return takers.flatMap((node) =>
    guardsOf(loose, moving).flatMap(({ budget, pods }) => {
      const here = pods.filter((pod) => pod.node === node).length;
      return here > budget.disruptionsAllowed
        ? [`${node} (${fullName(budget)} lets ${budget.disruptionsAllowed} of ${here} pods go)`]
        : [];
    }),
  );
}

const guardedByOperator = (guard: Guard) =>
  `${fullName(guard.budget)} (${operatorIn(guard)}; ${numbers(guard.budget)})`;

/** A drain waits for its budgets; one that can never allow would keep it waiting until its time is over. */
export const budgetsBlocked: Check = {
  id: "budgets-blocked",
  acceptable: true,
  check({ members, moving: facts }) {
    const { budgets } = facts;
    const pods = movablePods(facts);
    const closed = budgets.filter(({ disruptionsAllowed }) => disruptionsAllowed === 0);
    const guards = guardsOf(closed, pods);
    const stuck = guards.filter(({ budget }) => never(budget));
    const refused = stuck.filter((guard) => operatorIn(guard) === null).map(line);
    if (refused.length > 0) return blocker("pdbs-never-allow", some(refused), refused);
    const nodes = cornered(members, { budgets, pods });
    if (nodes.length > 0) return blocker("pdbs-corner-nodes", few(nodes), nodes);
    const moved = stuck.map(guardedByOperator);
    if (moved.length > 0) return warning("pdbs-allow-after-operator", some(moved), moved);
    const now = guards.map(line);
    if (now.length === 0) return ok("pdbs-allow-evictions", { count: budgets.length });
    return warning("pdbs-allow-none-now", some(now), now);
  },
};
