import { operatorOf } from "../../drain/operators.ts";
import { selects } from "../../drain/selector.ts";
import type { BudgetFacts, ClusterFacts, PodFacts } from "../../model/facts.ts";
import { counted, fullName, someOf } from "../../model/some-of.ts";
import { blocker, type Check, type Finding, ok, warning } from "../check.ts";
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

function refused(stuck: readonly string[]): Finding {
  return blocker(
    `${counted(stuck.length, "PodDisruptionBudget")} can never allow an eviction: ${someOf(stuck)}`,
    "add a replica; leave the node out with --exclude; or, where an operator moves the pod once its node is cordoned, let the drain wait for it with --accept budgets-blocked",
    stuck,
  );
}

function nowhereToGo(nodes: readonly string[]): Finding {
  return blocker(
    `No other node takes the pods of a node, and budgets let only some of them go, so it cannot be drained: ${someOf(nodes)}`,
    "add a node for the time, or scale the workload down; where one will come by itself, --accept budgets-blocked lets the drain wait for it",
    nodes,
  );
}

function operatorMoves(guards: readonly Guard[]): Finding {
  const lines = guards.map((guard) => `${fullName(guard.budget)} (${operatorIn(guard)}; ${numbers(guard.budget)})`);
  return warning(
    `${counted(lines.length, "PodDisruptionBudget")} ${lines.length === 1 ? "allows" : "allow"} an eviction only once the operator has moved its pod, which it does when the node is cordoned: ${someOf(lines)}`,
    "leave the budget as it is, its operator writes it; the drain waits for the operator, up to --drain-timeout",
    lines,
  );
}

/** A drain waits for its budgets; one that can never allow would keep it waiting until its time is over. */
export const budgetsBlocked: Check = {
  id: "budgets-blocked",
  title: "PDBs allow evictions",
  acceptable: "each drain waits for its budgets, up to --drain-timeout; then the node fails, still on its old network",
  check({ members, moving: facts }) {
    const { budgets } = facts;
    const pods = movablePods(facts);
    const closed = budgets.filter(({ disruptionsAllowed }) => disruptionsAllowed === 0);
    const guards = guardsOf(closed, pods);
    const stuck = guards.filter(({ budget }) => never(budget));
    const unowned = stuck.filter((guard) => operatorIn(guard) === null).map(line);
    if (unowned.length > 0) return refused(unowned);
    const nowhere = cornered(members, { budgets, pods });
    if (nowhere.length > 0) return nowhereToGo(nowhere);
    if (stuck.length > 0) return operatorMoves(stuck);
    const now = guards.map(line);
    if (now.length === 0) return ok(`${counted(budgets.length, "PodDisruptionBudget")}, and each allows an eviction`);
    return warning(
      `${counted(now.length, "PodDisruptionBudget")} ${now.length === 1 ? "allows" : "allow"} no eviction now: ${someOf(now)}`,
      "mend their pods: a drain waits until they are healthy",
      now,
    );
  },
};
