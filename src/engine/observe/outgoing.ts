import type { PodRef } from "../model/facts.ts";
import type { RollbackStepId } from "../model/node-state.ts";
import type { NodeScope } from "../model/step.ts";
import { remembered } from "../model/step-memory.ts";

const replaced = remembered((): { outgoing: string | null; readonly deleted: Set<string> } => ({
  outgoing: null,
  deleted: new Set(),
}));

/**
 * Uid of the pod that this step set out to replace; null when it has not yet. Written before the pod is deleted: an engine that
 * takes the step up tells the old pod from its successor by it, and does not replace that too. A person's retry begins anew.
 */
export function outgoing({ before, stepSince, memory }: NodeScope, step: RollbackStepId): string | null {
  if (before === null) return memory.of(replaced).outgoing;
  const known = before.outgoing;
  return known !== undefined && known.step === step && known.at >= stepSince ? known.uid : null;
}

/** Deletes the pod, once, so that its DaemonSet makes another; remembers first which one it was. */
export async function replace(scope: NodeScope, step: RollbackStepId, pod: PodRef): Promise<void> {
  const { before, memory, remember, ports } = scope;
  const known = memory.of(replaced);
  const { uid } = pod;
  if (known.deleted.has(uid)) return;
  if (before === null) known.outgoing ??= uid;
  else if (outgoing(scope, step) !== uid) {
    await remember({ ...before, outgoing: { step, uid, at: ports.clock.now() } });
  }
  await ports.pods.delete(pod);
  // Only now: a deletion that an outage broke off is asked for again.
  known.deleted.add(uid);
}
