import { waiting } from "../model/observation.ts";
import type { Step } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";
import { notReady } from "../observe/node-readiness.ts";
import { ownTraffic } from "../probes/own-traffic.ts";

/** Watches the migrated node for a while before the next one begins. */
export const soak: Step = {
  id: "soak",
  timeoutMs: ({ options }) => options.soakMs + 10 * 60_000,
  async observe(scope) {
    const { ports, plan, stepSince } = scope;
    const facts = await nodeOf(scope);
    if (!facts.ready) return notReady(facts);
    const left = stepSince + plan.options.soakMs - ports.clock.now();
    // It proved itself before pods came back to it; it has to once more before the next one is touched.
    if (left <= 0) return ownTraffic(scope, "cilium");
    const until = stepSince + plan.options.soakMs;
    return { ...waiting("soak", { until }, { clearedBy: "time" }), dueInMs: left };
  },
  apply: () => Promise.resolve(),
  rollback: "nothing-to-roll-back",
};
