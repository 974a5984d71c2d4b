import type { UndoStepId } from "../node-life.ts";
import type { NodeScope } from "../step.ts";

/**
 * Uid of the pod that this step set out to replace; null when it has not yet. Written before the pod is deleted: an engine that
 * takes the step up tells the old pod from its successor by it, and does not replace that too. A person's retry begins anew.
 */
export function outgoing({ before, stepSince, acts }: NodeScope, step: UndoStepId): string | null {
  if (before === null) return [...acts][0] ?? null;
  const known = before.outgoing;
  return known !== undefined && known.step === step && known.at >= stepSince ? known.uid : null;
}

/** True where the pod is to be deleted now; remembers it first. */
export async function letGo(scope: NodeScope, step: UndoStepId, uid: string): Promise<boolean> {
  const { before, acts, remember, ports } = scope;
  if (acts.has(uid)) return false;
  if (before !== null && outgoing(scope, step) !== uid) {
    await remember({ ...before, outgoing: { step, uid, at: ports.clock.now() } });
  }
  acts.add(uid);
  return true;
}
