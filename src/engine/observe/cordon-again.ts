import { CrossfadeError } from "../model/errors.ts";
import { note } from "../model/notes/note.ts";
import { againOrBack, reason } from "../model/reason.ts";
import type { NodeScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";

/** One uncordoning is not seen twice: a cache may show it for a while. */
const sameMs = 5_000;
const cordonedAgain = remembered(() => ({ times: 0, lastAt: 0 }));
/** Whoever takes a cordon away so often does not do it by mistake. */
const foughtOver = 5;

/** Cordons a node again that was uncordoned under us, while this was going on. Answers how often that was in this step. */
export async function cordonAgain({ ports, node, memory, log }: NodeScope, during: string): Promise<number> {
  const known = memory.of(cordonedAgain);
  const now = ports.clock.now();
  await ports.nodes.cordon(node);
  if (now - known.lastAt < sameMs) return known.times;
  known.times += 1;
  known.lastAt = now;
  log("warning", note("cordoned-again", { node, during }));
  return known.times;
}

/** During the drain nothing is lost by giving up, and a tug-of-war would move pods to and fro for ever. */
export async function cordonAgainInDrain(scope: NodeScope): Promise<void> {
  const times = await cordonAgain(scope, "drain");
  if (times < foughtOver) return;
  throw new CrossfadeError("FOUGHT_OVER", reason("node-uncordoned-again", { node: scope.node, times }, againOrBack));
}
