import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { evictPass } from "../drain/evict.ts";
import { drainRefused, judgeDrain } from "../drain/judge.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import type { PodFacts } from "../model/facts.ts";
import { done, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { NodeScope, Step } from "../model/step.ts";
import { cordonAgainInDrain } from "../observe/cordon-again.ts";
import { nodeOf } from "../observe/node-of.ts";

/**
 * Pods that have to leave. A pod that came after the gate may refuse too, and then nothing more is evicted; but neither
 * a refusal nor an empty node is believed of a cache that may lag behind.
 */
async function leaving({ ports, plan, node }: NodeScope): Promise<readonly PodFacts[]> {
  const judge = async (pods: readonly PodFacts[]) => judgeDrain(pods, await ports.workloads.list(), plan.options);
  const seen = await judge(await ports.pods.on(node));
  if (seen.refusals.length === 0 && seen.leave.length > 0) return seen.leave;
  const { leave, refusals } = await judge(await ports.pods.onFresh(node));
  if (refusals.length > 0) throw drainRefused(node, refusals);
  return leave;
}

/** Moves the node's pods elsewhere by eviction, so that every PodDisruptionBudget is kept. */
export const drain: Step = {
  id: "drain",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  async observe(scope) {
    const { ports, memory } = scope;
    const hold = drainHold(
      await leaving(scope),
      await ports.pods.budgets(),
      memory.of(evictionAttempts),
      await drainLook(scope),
    );
    if (hold) return hold;
    if ((await nodeOf(scope)).cordoned) return done;
    return waiting("node-uncordoned-by-others", {}, { object: theNode(scope.node) });
  },
  async apply(scope) {
    const { ports, memory } = scope;
    if (!(await nodeOf(scope)).cordoned) await cordonAgainInDrain(scope);
    await evictPass(ports, await leaving(scope), memory.of(evictionAttempts));
  },
  rollback: "nothing-to-roll-back",
};
