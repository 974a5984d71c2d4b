import type { ClusterFacts } from "../../../src/engine/model/facts.ts";
import type { Plan } from "../../../src/engine/model/plan-types.ts";
import { makePlan } from "../../../src/engine/plan/plan.ts";
import { defaultPlanInput, type PlanInput } from "../../../src/engine/plan/plan-input.ts";
import { aChart } from "../a-chart.ts";

/** The plan that these facts give, with nothing wished for but what is named. */
export function planOf(facts: ClusterFacts, over: Partial<PlanInput> = {}): Plan {
  return makePlan(
    facts,
    { ...defaultPlanInput, ...over },
    { chart: aChart, now: () => facts.at, hash: (text) => `${text.length}` },
  );
}
