import { drainHold } from "../drain/drain-hold.ts";
import { drainLook } from "../drain/drain-look.ts";
import { evictPass } from "../drain/evict.ts";
import { podsLeaving } from "../drain/pods-leaving.ts";
import { evictionAttempts } from "../model/eviction-attempts.ts";
import { done, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { Step } from "../model/step.ts";
import { cordonAgainInDrain } from "../observe/cordon-again.ts";
import { nodeOf } from "../observe/node-of.ts";

/** Moves the node's pods elsewhere by eviction, so that every PodDisruptionBudget is kept. */
export const drain: Step = {
  id: "drain",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  async observe(scope) {
    const { ports, memory } = scope;
    const hold = drainHold(
      await podsLeaving(scope, scope.node),
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
    await evictPass(ports, await podsLeaving(scope, scope.node), memory.of(evictionAttempts));
  },
  rollback: "nothing-to-roll-back",
};
