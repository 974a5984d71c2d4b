import type { PodFacts } from "../model/facts.ts";
import type { NodeScope } from "../model/step.ts";
import { drainRefused, judgeDrain } from "./judge.ts";

/**
 * Pods that have to leave a node. One that came after the gate may refuse too, and then nothing more is evicted: throws
 * then. But neither a refusal nor an empty node is believed of a cache that may lag behind.
 */
export async function podsLeaving(
  { ports, plan }: Pick<NodeScope, "ports" | "plan">,
  node: string,
): Promise<readonly PodFacts[]> {
  const judge = async (pods: readonly PodFacts[]) => judgeDrain(pods, await ports.workloads.list(), plan.options);
  const seen = await judge(await ports.pods.on(node));
  if (seen.refusals.length === 0 && seen.leave.length > 0) return seen.leave;
  const { leave, refusals } = await judge(await ports.pods.onFresh(node));
  if (refusals.length > 0) throw drainRefused(node, refusals);
  return leave;
}
