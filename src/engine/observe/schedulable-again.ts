import { done, type Observation, waiting } from "../model/observation.ts";
import type { NodeScope } from "../model/step.ts";
import { nodeOf } from "./node-of.ts";

const ours = "uncordoned";

/** Longer than a cache lags: what is cordoned after that was cordoned after us. */
const othersMs = 5_000;

/** Takes our cordon away, once: one that somebody puts there after that is theirs. */
export async function giveBack({ ports, node, acts, seenForMs }: NodeScope): Promise<void> {
  if (acts.has(ours)) return;
  await ports.nodes.uncordon(node);
  acts.add(ours);
  seenForMs(ours);
}

/** A node that its owner had cordoned stays so: undo and uncordon give back what was, never a default. */
export async function schedulableAgain(scope: NodeScope): Promise<Observation> {
  // Nothing is touched before it is remembered: without a memory the cordon is not ours.
  if (scope.before === null) return { done: true, note: "left as it is: nothing of it was touched" };
  if (scope.before.cordoned) return { done: true, note: "left cordoned, as it was before" };
  if (!(await nodeOf(scope)).cordoned) return done;
  if (scope.acts.has(ours) && scope.seenForMs(ours) >= othersMs) {
    scope.log("warning", `somebody cordoned ${scope.node} as soon as it was uncordoned: it is left so`);
    return { done: true, note: "cordoned by somebody else meanwhile, and left so" };
  }
  return { ...waiting("the node to be schedulable again", "the API server", `Node ${scope.node}`), dueInMs: 1_000 };
}
