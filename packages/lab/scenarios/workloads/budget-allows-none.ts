import { plant } from "../../seed/seed-world.ts";
import { isCordoned, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";
import { budget, deployment, plants } from "./odd-pods.ts";

/** maxUnavailable 0 is what people write who want "never": a drain without a timeout then never ends. */
export const budgetAllowsNone: Scenario = {
  name: "budget-allows-none",
  summary: "while the first node is drained, a PodDisruptionBudget with maxUnavailable 0 comes to guard a pod",
  answer:
    "Refuses to begin where it is there already. One that comes later holds the drain, with pod, budget and its numbers; after `--drain-timeout` the node fails, still on its old network.",
  options: "Loosen the budget, and the drain goes on by itself; or roll the node back, or skip it.",
  begin(stage) {
    plants(deployment({ name: "invoices" }, 2))(stage);
    onFirstNode(stage, isCordoned, () => plant(stage.store, [budget("invoices", "invoices", { maxUnavailable: 0 })]));
  },
};
