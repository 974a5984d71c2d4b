import { agentCrashLoops } from "./scenarios/agent-crash-loops.ts";
import { budgetAllowsNone } from "./scenarios/budget-allows-none.ts";
import { nodeBackNotReady } from "./scenarios/node-back-not-ready.ts";
import { nodeNeverReturns } from "./scenarios/node-never-returns.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** Every way of misbehaving that the lab can play, in the order in which they are documented. */
export const scenarios: readonly Scenario[] = [nodeNeverReturns, nodeBackNotReady, agentCrashLoops, budgetAllowsNone];

/** Throws with a sentence for whoever chose the name. */
export function scenarioCalled(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found) return found;
  throw new RangeError(`the lab has no scenario ${name}: it plays ${scenarios.map((one) => one.name).join(", ")}`);
}
