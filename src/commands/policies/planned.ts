import type { ClusterFacts } from "../../engine/model/facts.ts";
import type { Plan } from "../../engine/model/plan-types.ts";
import type { PolicyView } from "../../engine/model/policies/policy-view.ts";
import { hybridPhaseMs, inMinutes } from "../../engine/plan/estimate.ts";
import { policiesOf, unreadPolicies } from "../../engine/policies/inventory.ts";
import { policyWorld } from "../../engine/policies/policy-world.ts";
import type { Given, World } from "../command.ts";
import { withPlan } from "../preflight.ts";

/** The cluster's policies beside what a migration would do. */
export interface Policies {
  readonly policies: readonly PolicyView[];
  /** Of kinds that are not read: how many there are. */
  readonly unread: Readonly<Record<string, number>>;
  readonly minutes: number;
}

function policiesIn({ source, cilium, nodes }: Plan, facts: ClusterFacts): Policies {
  return {
    policies: policiesOf(policyWorld(facts, source, cilium)),
    unread: unreadPolicies(facts.policies),
    minutes: inMinutes(hybridPhaseMs(nodes)),
  };
}

/** Looks at the cluster once, and changes nothing. */
export const plannedPolicies = (given: Given, world: World): Promise<Policies> =>
  withPlan(given, world, (plan, _cluster, facts) => Promise.resolve(policiesIn(plan, facts)));
