import { nodeScenarios } from "./scenarios/of-nodes.ts";
import { policyScenarios } from "./scenarios/of-policies.ts";
import { workloadScenarios } from "./scenarios/of-workloads.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Every way of misbehaving that the lab can play, in the order in which they are documented. */
export const scenarios: readonly Scenario[] = [...nodeScenarios, ...workloadScenarios, ...policyScenarios];

/** Throws with a sentence for whoever chose the name. */
export function scenarioCalled(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new RangeError(`the lab has no scenario ${name}: it plays ${scenarios.map((one) => one.name).join(", ")}`);
}
