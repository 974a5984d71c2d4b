import { blocker, type Check, ok, some } from "../check.ts";

/** A node that cannot be moved keeps the run from ending, and what is wrong with it would be blamed on the move. */
export const nodesReady: Check = {
  id: "nodes-ready",
  check({ members, moving }) {
    if (members.nodes.length === 0) return blocker("no-node-to-move", {});
    const taking = moving.nodes;
    const sick = taking
      .filter(({ ready, networkUnavailable }) => !ready || networkUnavailable)
      .map(
        ({ name, ready, notReadyReason }) => `${name} (${ready ? "NetworkUnavailable" : notReadyReason || "NotReady"})`,
      );
    if (sick.length === 0) return ok("nodes-all-ready", { count: taking.length });
    return blocker("nodes-unready", some(sick), sick);
  },
};
