import { note } from "../model/notes/note.ts";
import { done, type Observation, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";
import { nodeOf } from "./node-of.ts";

/** When this step took our cordon away. */
const uncordoned = remembered((): { at: number | null } => ({ at: null }));

/** Longer than a cache lags: what is cordoned after that was cordoned after us. */
const othersMs = 5_000;

/** Takes our cordon away, once: one that somebody puts there after that is theirs. */
export async function uncordonOnce({ ports, node, memory }: NodeScope): Promise<void> {
  const ours = memory.of(uncordoned);
  if (ours.at !== null) return;
  await ports.nodes.uncordon(node);
  ours.at = ports.clock.now();
}

/** A node that its owner had cordoned stays so: undo and uncordon give back what was, never a default. */
export async function schedulableAgain(scope: NodeScope): Promise<Observation> {
  // Nothing is touched before it is remembered: without a memory the cordon is not ours.
  if (scope.before === null) return { done: true, note: "left as it is: nothing of it was touched" };
  if (scope.before.cordoned) return { done: true, note: "left cordoned, as it was before" };
  if (!(await nodeOf(scope)).cordoned) return done;
  const { at } = scope.memory.of(uncordoned);
  if (at !== null && scope.ports.clock.now() - at >= othersMs) {
    scope.log("warning", note("cordoned-by-others", { node: scope.node }));
    return { done: true, note: "cordoned by another user meanwhile, and left cordoned" };
  }
  return { ...waiting("node-still-cordoned", {}, { object: theNode(scope.node) }), dueInMs: 1_000 };
}
