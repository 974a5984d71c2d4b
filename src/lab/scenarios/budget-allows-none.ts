import { plant } from "../seed/seed-world.ts";
import type { Scenario } from "./scenario.ts";

/** maxUnavailable 0 is what people write who want "never": a drain without a timeout then never ends. */
export const budgetAllowsNone: Scenario = {
  name: "budget-allows-none",
  summary: "a PodDisruptionBudget with maxUnavailable 0 guards a pod on worker-1",
  answer:
    "Holds the drain and names pod, budget and its numbers; after `--drain-timeout` the node fails, still on its old network.",
  options: "Loosen the budget, and the drain goes on by itself; or undo the node, or skip it.",
  begin({ store }) {
    const metadata = { name: "admin", namespace: "shop" };
    const spec = { selector: { matchLabels: { app: "admin" } }, maxUnavailable: 0 };
    plant(store, [
      ["policy/poddisruptionbudgets", { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata, spec }],
    ]);
  },
};
