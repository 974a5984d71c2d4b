import { counted, someOf } from "../../model/some-of.ts";
import { blocker, type Check, ok } from "../check.ts";

/** A node that cannot be moved keeps the run from ending, and what is wrong with it would be blamed on the move. */
export const nodesReady: Check = {
  id: "nodes-ready",
  title: "Nodes are Ready",
  check({ members, moving }) {
    if (members.nodes.length === 0)
      return blocker("The cluster has no node to move", "check the context with: kubectl get nodes");
    const taking = moving.nodes;
    const sick = taking
      .filter(({ ready, networkUnavailable }) => !ready || networkUnavailable)
      .map(
        ({ name, ready, notReadyReason }) => `${name} (${ready ? "NetworkUnavailable" : notReadyReason || "NotReady"})`,
      );
    if (sick.length === 0) return ok(`${counted(taking.length, "node")} Ready`);
    return blocker(
      `${counted(sick.length, "node")} ${sick.length === 1 ? "is" : "are"} not Ready: ${someOf(sick)}`,
      "mend these nodes, or exclude them for now with --exclude NODE; a Node whose machine is gone for good: kubectl delete node NODE",
      sick,
    );
  },
};
