import { agentDaemonSet } from "../model/cilium-names.ts";
import { done, waiting } from "../model/observation.ts";
import type { RollbackRunStep } from "../model/step.ts";
import { deploy } from "../observe/deployed-with.ts";
import { enforcesNothing, nothingToEnforce, valuesUnenforced } from "../observe/policies/enforcement.ts";
import { lastToken, rolledOut, tokenOutOfForce, tokenUnenforced } from "../observe/rolled-out.ts";

/**
 * Takes policies out of force before the first node goes back: a pod that is on the old CNI again has no identity, so that policies
 * of pods still on Cilium would refuse it. Agents read it only at start, so they restart.
 */
export const rollbackEnforcePolicies: RollbackRunStep = {
  id: "rollback-enforce-policies",
  timeoutMs: 60 * 60_000,
  async observe(scope) {
    const { ports, plan } = scope;
    const isOff = await enforcesNothing(scope);
    if (isOff === null || (await nothingToEnforce(scope))) return done;
    if (!isOff) return waiting("release-values-differ", {});
    const agents = await ports.workloads.get("DaemonSet", plan.cilium.namespace, agentDaemonSet);
    // Agents that were not restarted since they were installed, or not since that with the final values, never enforced anything.
    const last = agents && lastToken(agents);
    if (last === null || last === tokenUnenforced(scope)) return done;
    return rolledOut(scope, agents, tokenOutOfForce(scope), agentDaemonSet);
  },
  async apply(scope) {
    const { ports, plan } = scope;
    if ((await enforcesNothing(scope)) === false) await deploy(scope, valuesUnenforced(plan));
    await ports.workloads.restart("DaemonSet", plan.cilium.namespace, agentDaemonSet, tokenOutOfForce(scope));
  },
};
