import type { ClusterFacts } from "../../src/engine/facts.ts";
import { defaultPlanInput, type PlanInput } from "../../src/engine/plan/plan-input.ts";
import { makePlan } from "../../src/engine/plan.ts";
import type { Plan } from "../../src/engine/plan-types.ts";
import { aChart } from "./a-chart.ts";

/** The plan that these facts give, with nothing wished for but what is named. */
export function planOf(facts: ClusterFacts, over: Partial<PlanInput> = {}): Plan {
  return makePlan(
    facts,
    { ...defaultPlanInput, ...over },
    { chart: aChart, now: () => facts.at, hash: (text) => `${text.length}` },
  );
}
