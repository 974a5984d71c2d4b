import { CrossfadeError } from "../model/errors.ts";
import type { StepId } from "../model/node-state.ts";
import type { NodeScope } from "../model/step.ts";
import { nodeOf } from "../observe/node-of.ts";

/** From the hand-over until it is proven, a pod that comes to the node gets an address that may lead nowhere. */
const betweenNetworks: ReadonlySet<StepId> = new Set([
  "hand-over",
  "restart-agent",
  "reboot",
  "return",
  "sweep",
  "verify",
]);

/** One uncordoning is not seen twice: a cache may show it for a while. */
const sameMs = 5_000;
const cordonedAgain = "cordoned again at ";
/** Whoever takes a cordon away so often does not do it by mistake. */
const foughtOver = 5;

/** Cordons a node again that somebody uncordoned under us. Answers how often that was in this step. */
export async function cordonAgain({ ports, node, acts, log }: NodeScope, while_: string): Promise<number> {
  const known = [...acts].filter((act) => act.startsWith(cordonedAgain));
  const last = Math.max(0, ...known.map((act) => Number(act.slice(cordonedAgain.length))));
  const now = ports.clock.now();
  await ports.nodes.cordon(node);
  if (now - last < sameMs) return known.length;
  acts.add(`${cordonedAgain}${now}`);
  log("warning", `somebody uncordoned ${node} while ${while_}: it is cordoned again`);
  return known.length + 1;
}

/** During the drain nothing is lost by giving up, and a tug-of-war would move pods to and fro for ever. */
export async function cordonAgainInDrain(scope: NodeScope): Promise<void> {
  const times = await cordonAgain(scope, "it was drained");
  if (times < foughtOver) return;
  throw new CrossfadeError(
    "FOUGHT_OVER",
    `somebody uncordons ${scope.node} again and again (${times} times while it was drained)`,
    "find out who does it (an autoscaler, a script, a colleague), then press r, or press u to give the node back",
  );
}

/** After the hand-over there is no giving up half-way: the cordon is put back as often as it takes. */
export async function keepCordoned(scope: NodeScope, step: string): Promise<void> {
  if (!betweenNetworks.has(step as StepId) || (await nodeOf(scope)).cordoned) return;
  await cordonAgain(scope, "it is between two networks");
}
