import { plant } from "../../seed/seed-world.ts";
import { isCordoned, onFirstNode } from "../nodes/first-node.ts";
import type { Scenario } from "../scenario.ts";
import { budget, deployment, plants } from "./odd-pods.ts";

/** The eviction subresource answers 500 for such a pod, whatever its budgets allow. */
export const budgetsOverlap: Scenario = {
  name: "budgets-overlap",
  summary: "while the first node is drained, a second PodDisruptionBudget comes to select a pod on it",
  answer:
    "Refuses to begin where two select a pod already. One that comes later holds the drain, with the API server's own words; after `--drain-timeout` the node fails, still on its old network.",
  options: "Narrow one budget's selector, and the drain goes on by itself; or roll the node back, or skip it.",
  begin(stage) {
    plants(deployment({ name: "cache" }, 2), budget("cache", "cache", { minAvailable: 1 }))(stage);
    onFirstNode(stage, isCordoned, () => plant(stage.store, [budget("cache-too", "cache", { minAvailable: 1 })]));
  },
};
