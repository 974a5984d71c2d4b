import type { NodeFacts } from "../model/facts.ts";
import { type Observation, waiting } from "../model/observation.ts";

/** Reason that the node controller gives when no kubelet has spoken for its grace period of 40 s. */
const silent = "NodeStatusUnknown";

const clock = (at: number) => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** Waits for a node that is not Ready; a kubelet that is silent is told apart from one that says why. */
export function notReady({ name, notReadyReason, notReadyMessage, readySince }: NodeFacts): Observation {
  const object = `Node ${name}`;
  if (notReadyReason === silent) {
    const since = readySince === null ? "" : ` since ${clock(readySince)}`;
    const remedy = `power ${name} on and press r, or press s to move the others meanwhile; once it is gone for good: kubectl delete node ${name}, and the run lets it go`;
    return { ...waiting(`${name} to come back: its kubelet is silent${since}`, "its kubelet", object), remedy };
  }
  const why = [notReadyReason, notReadyMessage].filter((part) => part !== "").join(": ");
  const remedy = `mend ${name} and press r, or press u to take it back`;
  return { ...waiting(`${name} to be Ready${why === "" ? "" : ` (${why})`}`, "its kubelet", object), remedy };
}
