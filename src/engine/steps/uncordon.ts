import type { Step } from "../step.ts";
import { done, type NodeScope, type Observation, waiting } from "../step.ts";
import { nodeOf } from "./gate.ts";

/** A node that its owner had cordoned stays so: undo and uncordon give back what was, never a default. */
export async function schedulableAgain(scope: NodeScope): Promise<Observation> {
  // Nothing is touched before it is remembered: without a memory the cordon is not ours.
  if (scope.before === null) return { done: true, note: "left as it is: nothing of it was touched" };
  if (scope.before.cordoned) return { done: true, note: "left cordoned, as it was before" };
  if (!(await nodeOf(scope)).cordoned) return done;
  return waiting("the node to be schedulable again", "the API server", `Node ${scope.node}`);
}

/** Lets pods come to the node again. */
export const uncordon: Step = {
  id: "uncordon",
  title: "Let pods come back",
  timeoutMs: 60_000,
  retriable: true,
  observe: schedulableAgain,
  apply: ({ ports, node }) => ports.nodes.uncordon(node),
  undo: ["undo-cordon", "undo-drain"],
};
