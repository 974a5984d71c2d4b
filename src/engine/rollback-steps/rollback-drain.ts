import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { evictPass } from "../drain/evict.ts";
import { judgeDrain } from "../drain/judge.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import type { PodFacts } from "../model/facts.ts";
import { done } from "../model/observation.ts";
import type { NodeScope, RollbackStep } from "../model/step.ts";
import { podsOfNetwork } from "../observe/pods-of-network.ts";

/** On the way back only what must move is moved: pods with Cilium addresses that have somewhere else to go. */
async function leaving(scope: NodeScope, pods: readonly PodFacts[]): Promise<readonly PodFacts[]> {
  const { ports, plan } = scope;
  const moved = await podsOfNetwork(ports, plan, pods, "cilium");
  return judgeDrain(moved, await ports.workloads.list(), plan.options).leave;
}

/** Moves pods with Cilium addresses elsewhere by eviction. */
export const rollbackDrain: RollbackStep = {
  id: "rollback-drain",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  async observe(scope) {
    const { ports, node, memory } = scope;
    const seen = await leaving(scope, await ports.pods.on(node));
    const left = seen.length > 0 ? seen : await leaving(scope, await ports.pods.onFresh(node));
    return drainHold(left, await ports.pods.budgets(), memory.of(evictionAttempts), await drainLook(scope)) ?? done;
  },
  apply: async (scope) =>
    evictPass(
      scope.ports,
      await leaving(scope, await scope.ports.pods.on(scope.node)),
      scope.memory.of(evictionAttempts),
    ),
};
