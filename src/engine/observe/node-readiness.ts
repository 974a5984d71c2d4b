import type { NodeFacts } from "../model/facts.ts";
import { type Waiting, waiting } from "../model/observation.ts";
import { theNode } from "../model/reason.ts";

/** Reason that the node controller gives when no kubelet has spoken for its grace period of 40 s. */
const silent = "NodeStatusUnknown";

/** Waits for a node that is not Ready; a kubelet that is silent is told apart from one that says why. */
export function notReady({ name: node, notReadyReason, notReadyMessage, readySince }: NodeFacts): Waiting {
  const object = theNode(node);
  if (notReadyReason === silent)
    return waiting("kubelet-silent", { node, since: readySince }, { object, actions: ["retry", "skip", "rollback"] });
  const why = [notReadyReason, notReadyMessage].filter((part) => part !== "").join(": ");
  return waiting("node-unready", { node, why }, { object, actions: ["retry", "rollback"] });
}
