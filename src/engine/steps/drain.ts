import { drainHold, evictPass } from "../drain/evict.ts";
import { judgeDrain, refusalRemedy, refusalSentence } from "../drain/judge.ts";
import { CrossfadeError } from "../errors.ts";
import type { PodFacts } from "../facts.ts";
import { done, type NodeScope, type Step, waiting } from "../step.ts";
import { nodeOf } from "./gate.ts";

/** A pod that came after the gate may refuse too; then nothing more is evicted. */
async function leaving({ ports, plan, node }: NodeScope, pods: readonly PodFacts[]): Promise<readonly PodFacts[]> {
  const { leave, refusals } = judgeDrain(pods, await ports.workloads.list(), plan.options);
  if (refusals.length > 0)
    throw new CrossfadeError("DRAIN_REFUSED", refusalSentence(node, refusals), refusalRemedy(refusals));
  return leave;
}

/** Moves the node's pods elsewhere by eviction, so that every PodDisruptionBudget is kept. */
export const drain: Step = {
  id: "drain",
  title: "Move pods elsewhere",
  timeoutMs: ({ options }) => options.drainTimeoutMs,
  async observe(scope) {
    const { ports, node, attempts } = scope;
    const seen = await leaving(scope, await ports.pods.on(node));
    const left = seen.length > 0 ? seen : await leaving(scope, await ports.pods.onFresh(node));
    const hold = drainHold(left, await ports.pods.budgets(), attempts);
    if (hold) return hold;
    return (await nodeOf(scope)).cordoned ? done : waiting("the node to be cordoned again", "the API server");
  },
  async apply(scope) {
    const { ports, node, attempts, log } = scope;
    if (!(await nodeOf(scope)).cordoned) {
      log("warning", `somebody uncordoned ${node} while it was drained: it is cordoned again`);
      await ports.nodes.cordon(node);
    }
    await evictPass(ports, await leaving(scope, await ports.pods.on(node)), attempts);
  },
  undo: "nothing-to-undo",
};
